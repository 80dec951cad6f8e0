"""What the errors of the HTTP libraries mean to a person."""

import ssl

import aiohttp
import httpcore
import httpx
from aiohttp.http_exceptions import HttpProcessingError

from ..errors import FetchError, Unreachable

TRANSPORT_ERRORS = (
    httpx.HTTPError, httpx.StreamError, aiohttp.ClientError, HttpProcessingError, httpcore.NetworkError,
    httpcore.ProtocolError, httpcore.TimeoutException, httpcore.UnsupportedProtocol, OSError,
)  # fmt: skip
_TIMEOUTS = (aiohttp.ServerTimeoutError, httpcore.TimeoutException, TimeoutError)
_UNFINISHED = (ssl.SSLWantReadError, ssl.SSLWantWriteError)
_CLOSED = (ConnectionResetError, BrokenPipeError, aiohttp.ServerDisconnectedError, aiohttp.ClientPayloadError)
_GARBLED = (aiohttp.ClientResponseError, HttpProcessingError, httpcore.RemoteProtocolError)
_DETAIL_CHARS = 200


def meaning(url: str, error: BaseException) -> FetchError:
    """A library's error as ours: what happened in plain words, and whether it may pass (`Unreachable`)."""
    causes = _causes(error)
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return FetchError(url, "network", f"its certificate is not valid ({cause.verify_message})")
        # a handshake cut off by our own deadline leaves the wish for more bytes behind it
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, _UNFINISHED):
            return FetchError(url, "network", f"TLS failed ({cause.reason or cause})")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return FetchError(url, "network", "the connection was refused")
    if any(isinstance(cause, _TIMEOUTS) for cause in causes):
        return FetchError(url, "timeout", "no connection in time")
    text = next((str(cause) for cause in causes if str(cause)), type(causes[-1]).__name__)[:_DETAIL_CHARS]
    if any(isinstance(cause, _GARBLED) for cause in causes) and "disconnected" not in text:
        return Unreachable(url, f"its answer is no valid HTTP ({text})")
    if any(isinstance(cause, (*_CLOSED, *_GARBLED)) for cause in causes):
        return Unreachable(url, "the server closed the connection before the answer was whole")
    return Unreachable(url, f"the connection failed: {text}")


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
