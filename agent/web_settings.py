"""The settings of the web: which providers are asked, with what keys, and how the crawler behaves."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode


class WebSettings(BaseSettings):
    """What `Settings` holds for search and crawl; read and explained there."""

    web: bool = Field(default=True, description="whether questions may search the web; 0 keeps them to your own files")
    search: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("ddgs",),
        description="search providers by name, best first, comma-separated, or package.module:Class of a Search",
    )
    searxng_url: str = Field(default="", description="address of a SearXNG instance, for the provider `searxng`")
    brave_key: SecretStr = Field(default=SecretStr(""), description="key for the provider `brave`")
    google_key: SecretStr = Field(default=SecretStr(""), description="key for the provider `google`")
    google_cx: str = Field(default="", description="id of the Programmable Search engine, for the provider `google`")
    tavily_key: SecretStr = Field(default=SecretStr(""), description="key for the provider `tavily`")
    serper_key: SecretStr = Field(default=SecretStr(""), description="key for the provider `serper`")
    openalex_key: SecretStr = Field(default=SecretStr(""), description="key for the provider `openalex`, optional")
    semantic_scholar_key: SecretStr = Field(
        default=SecretStr(""), description="key for the provider `semantic_scholar`, optional"
    )
    pubmed_key: SecretStr = Field(default=SecretStr(""), description="key for the provider `pubmed`, optional")
    stackexchange_key: SecretStr = Field(
        default=SecretStr(""), description="key for the provider `stackexchange`, optional"
    )
    stackexchange_site: str = Field(
        default="stackoverflow", description="site of the Stack Exchange network that `stackexchange` asks"
    )
    allow_domains: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="domains that hits may come from, comma-separated; empty is all"
    )
    deny_domains: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="domains that hits never come from, comma-separated"
    )
    recorded: Path | None = Field(
        default=None, description="file of recorded searches that the provider `recorded` plays"
    )
    contact: str = Field(
        default="", description="a URL or e-mail address, shown to sites in the user agent: how to reach who reads them"
    )
    host_gap_s: float = Field(
        default=1.0, ge=0, description="seconds between two requests to one host; sites may ask for more"
    )
    max_page_mb: int = Field(default=20, ge=1, le=500, description="largest page that is fetched, in MB, decompressed")
    allow_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="host names exempt from the address guard, comma-separated: one's own intranet"
    )
    resolve: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="where to connect instead: host=address:port, comma-separated; * is every name"
    )
    obey: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("noindex", "nosnippet", "noai", "ai-input", "tdm"),
        description="the opt-outs of sites that are obeyed, comma-separated, or `none`; robots.txt is obeyed always",
    )
    render: bool = Field(
        default=False, description="render pages that are empty without JavaScript (extra `browser`, and Chromium)"
    )
    min_quality: float = Field(
        default=0.0, ge=0, le=1, description="least quality score of a web page that is read; 0 reads all"
    )

    @field_validator("search", "allow_hosts", "resolve", "obey", "allow_domains", "deny_domains", mode="before")
    @classmethod
    def _comma_separated(cls, value: object) -> object:
        return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value
