"""One model server: requests in turns, tried again where that may help, refused at once while it is down."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

import httpx2
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

from .breaker import Breaker
from .capped import Capped, transport
from .errors import BadReply, ServerBusy, ServerDown, ServerRefused, ServerStalled
from .meaning import meaning, of_status

if TYPE_CHECKING:
    from openai import AsyncOpenAI

T = TypeVar("T")

CONNECT_S = 5.0
"""How long a connection may take: a server that is up takes milliseconds."""
_TRIES = 4
_LONGEST_WAIT_S = 30.0  # a server that asks for more is busy for as long as this run cares
_backoff = wait_exponential_jitter(multiplier=0.2, max=5.0, jitter=0.2)


def _unbounded() -> float | None:
    return None


class Endpoint:
    """One model server: its base URL, its key, and how it is treated. Opens on first use; `aclose` closes it.

    `url` is the base URL as shown to people: no user, password, query, nor slash at its end; one without a path gets
    `/v1`. `root` is the same without a trailing `/v1`: where vLLM has `/tokenize`, `/metrics`, `/rerank` and `/health`.
    `model_name` is the configured model, or once asked for the first one served, "" before.
    `concurrency` requests are under way at once, others wait. `first_reply_s` bounds the wait for a reply's first
    byte, and of `get` and `post` that for its last one. `spent` is told the (prompt, completion) tokens of what `post`
    brings; `seconds_left` is the time left to whoever asks, None without an end. Used on one event loop at a time.

    Raises:
        ServerRefused: the address is not one of http or https.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str = "",
        model: str = "",
        concurrency: int = 8,
        first_reply_s: float = 60.0,
        max_reply_bytes: int = 10_000_000,
        spent: Callable[[int, int], None] | None = None,
        seconds_left: Callable[[], float | None] = _unbounded,
        breaker: Breaker | None = None,
    ) -> None:
        self.url, self._authorization = _parted(url, key)
        self.root = self.url.removesuffix("/v1")
        self.model_name = model
        self._key = key.strip()
        self._concurrency, self._first_reply_s, self._max_reply_bytes = concurrency, first_reply_s, max_reply_bytes
        self._spent, self._seconds_left = spent, seconds_left
        self._breaker = breaker or Breaker()
        self._slots = asyncio.Semaphore(concurrency)
        self._http: httpx2.AsyncClient | None = None
        self._client: AsyncOpenAI | None = None

    def __repr__(self) -> str:
        return f"Endpoint({self.url!r})"

    @property
    def client(self) -> "AsyncOpenAI":
        """The client of openai over this endpoint's connections; it retries nothing. To be used within a `turn`."""
        if self._client is None:
            from openai import AsyncOpenAI  # takes 0.4 s

            self._client = AsyncOpenAI(
                base_url=self.url,
                api_key="set below",  # by the transport; without one the environment's would be read
                http_client=self._open(),
                timeout=self._timeout,
                max_retries=0,
            )
        return self._client

    async def model(self) -> str:
        """The configured model, else the first that is served (asked once).

        Raises:
            ServedError: it cannot be asked.
        """
        if not self.model_name:
            match await self.get("models"):
                case {"data": [{"id": str(name)}, *_]}:
                    self.model_name = name
                case _:
                    raise BadReply(self.url, "it names no model that it serves")
        return self.model_name

    async def get(self, path: str) -> Any:
        """The JSON at `path`: under `root` if it begins with "/", else under `url`.

        Raises:
            ServedError: any of its kinds.
        """
        return await self.tried(partial(self._once, "GET", path, None))

    async def post(self, path: str, body: Mapping[str, object]) -> Any:
        """The JSON that `path` (as in `get`) answers to a JSON body.

        Raises:
            ServedError: any of its kinds.
        """
        return await self.tried(partial(self._once, "POST", path, body))

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """One of the slots for one request; turns do not nest.

        Exceptions of openai, httpx2, time limits and JSON leave the block as a ServedError; whether the server is up
        is learnt from how the block ends.

        Raises:
            ServerDown: at once, while the server is left alone after failing.
            ServedError: what the block's exception means.
        """
        self._check_up(self._breaker.rests_s() == 0)
        async with self._slots:
            self._check_up(self._breaker.admits())  # it may have gone down while this one waited
            try:
                yield
            except Exception as error:
                meant = meaning(self.url, error, key=self._key)
                if meant is None:
                    raise
                if isinstance(meant, ServerDown):
                    self._breaker.failed()
                else:
                    self._breaker.succeeded()
                if meant is error:
                    raise
                raise meant from None  # the cause holds the reply's body, which may repeat the key
            else:
                self._breaker.succeeded()

    async def tried(
        self, call: Callable[[], Awaitable[T]], *, seconds_left: Callable[[], float | None] | None = None
    ) -> T:
        """What `call` brings, called again where that may help: the server is down or busy, and there is time.

        Waits grow and are jittered; a `Retry-After` is kept. What has taken too long is tried once more, not oftener,
        and nothing goes on beyond `seconds_left` (None: as the endpoint was told).

        Raises:
            ServedError: the last one, as it is.
        """
        left = seconds_left or self._seconds_left
        retrying = AsyncRetrying(
            retry=retry_if_exception(self._may_pass), wait=_wait_s, stop=partial(_is_enough, left), reraise=True
        )
        return await retrying(partial(self._in_time, call, left))

    async def aclose(self) -> None:
        """Close the connections; a later request opens new ones."""
        http, self._http, self._client = self._http, None, None
        self._slots = asyncio.Semaphore(self._concurrency)
        if http is not None:
            await http.aclose()

    async def _once(self, method: str, path: str, body: Mapping[str, object] | None) -> Any:
        url = self.root + path if path.startswith("/") else f"{self.url}/{path}"
        content = None if body is None else json.dumps(body, allow_nan=False).encode()
        headers = {"accept": "application/json"} | ({"content-type": "application/json"} if content else {})
        async with self.turn():
            async with asyncio.timeout(self._first_reply_s):
                response = await self._open().request(method, url, content=content, headers=headers)
            if not response.is_success:
                raise of_status(self.url, response.status_code, response.headers, response.text, key=self._key)
            try:
                reply = json.loads(response.content)
            except (ValueError, RecursionError):
                raise BadReply(self.url, f"what it sent from {path} is not JSON") from None
        self._book(reply)
        return reply

    async def _in_time(self, call: Callable[[], Awaitable[T]], left: Callable[[], float | None]) -> T:
        limit = asyncio.timeout(left())
        try:
            async with limit:
                return await call()
        except TimeoutError:
            if not limit.expired():
                raise
            raise ServerStalled(self.url, "the time there was for its reply is over") from None

    def _open(self) -> httpx2.AsyncClient:
        if self._http is None:
            capped = Capped(
                self.url, transport(self.url), authorization=self._authorization, max_bytes=self._max_reply_bytes
            )
            self._http = httpx2.AsyncClient(transport=capped, timeout=self._timeout, trust_env=False)
        return self._http

    @property
    def _timeout(self) -> httpx2.Timeout:
        return httpx2.Timeout(self._first_reply_s, connect=CONNECT_S, pool=None)

    def _check_up(self, is_up: bool) -> None:
        if not is_up:
            rests_s = max(1, round(self._breaker.rests_s()))
            raise ServerDown(self.url, f"it failed several times in a row, and is asked again in {rests_s} s")

    def _may_pass(self, error: BaseException) -> bool:
        return isinstance(error, (ServerDown, ServerBusy)) and not self._breaker.rests_s()

    def _book(self, reply: Any) -> None:
        if self._spent is not None and isinstance(reply, dict) and isinstance(usage := reply.get("usage"), dict):
            prompt, completion = (usage.get(f"{kind}_tokens") for kind in ("prompt", "completion"))
            self._spent(_count(prompt if prompt is not None else usage.get("total_tokens")), _count(completion))


def _wait_s(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    wait_s = _backoff(state)
    return wait_s if not isinstance(error, ServerBusy) or not error.retry_after_s else error.retry_after_s + wait_s / 4


def _is_enough(left: Callable[[], float | None], state: RetryCallState) -> bool:
    error = state.outcome.exception() if state.outcome else None
    if state.attempt_number >= (2 if isinstance(error, ServerStalled) else _TRIES):
        return True
    seconds = left()
    return state.upcoming_sleep >= (_LONGEST_WAIT_S if seconds is None else seconds)


def _count(tokens: object) -> int:
    return max(0, tokens) if isinstance(tokens, int) else 0


def _parted(url: str, key: str) -> tuple[str, str]:
    """A base URL as it is shown and asked, and the value of the header that carries the key, or user and password."""
    key = key.strip()
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise ServerRefused("the key", "it holds signs that no key has (spaces, line ends, letters beyond ASCII)")
    wrong = ServerRefused("the address of a model server", "it has the form http://HOST:PORT/v1")
    try:
        parts = urlsplit(url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
            raise wrong
    except ValueError:
        raise wrong from None
    host = parts.netloc.rpartition("@")[2]
    shown = f"{parts.scheme}://{host}{parts.path.rstrip('/') or '/v1'}"
    if key:
        return shown, f"Bearer {key}"
    if parts.username is not None:
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return shown, f"Basic {b64encode(user.encode()).decode()}"
    return shown, ""
