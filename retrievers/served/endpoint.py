"""One model server: requests in turns, tried again where that may help, refused at once while it is down."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import httpx2
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

from .address import address
from .breaker import Breaker
from .capped import Capped, transport
from .errors import BadReply, ServedError, ServerBusy, ServerDown, ServerRefused, ServerStalled
from .listing import is_name, listed
from .meaning import meaning, of_status

if TYPE_CHECKING:
    from openai import AsyncOpenAI

T = TypeVar("T")

CONNECT_S = 5.0
"""How long a connection may take: a server that is up takes milliseconds."""
_TRIES = 4
_MOST_TOKENS = 100_000_000  # of one call; what claims more is not booked
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
        ServerRefused: the address is not one of http or https, or the key or the model's name holds odd signs.
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
        self._address = address(url, key)
        if model and not is_name(model):
            raise ServerRefused("the model's name", "it holds signs that no name has (line ends, controls)")
        self.url = self._address.url
        self.root = self.url.removesuffix("/v1")
        self.model_name = model
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
            self.model_name = next(iter(await self.served()), "")
            if not self.model_name:
                raise BadReply(self.url, "it names no model that it serves")
        return self.model_name

    async def served(self) -> Mapping[str, Mapping[str, Any]]:
        """The models that the server lists, by name, each with what it says of it.

        Raises:
            ServedError: it cannot be asked, or lists none in the documented format.
        """
        rows = listed(await self.get("models"), secrets=self._address.secrets)
        if rows is None:
            raise BadReply(self.url, "it names no model that it serves: its list is not in the documented format")
        return rows

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

    async def aside(self, path: str, body: Mapping[str, object], *, within_s: float) -> Any:
        """As `post`, for what can be done without: asked once, for a short time.

        It says nothing of whether the server is up: one without a tokenizer may chat, one with a tokenizer may not.

        Raises:
            ServedError: any of its kinds.
        """
        left = self._seconds_left()
        within_s = within_s if left is None else min(within_s, left)
        return await self._once("POST", path, body, within_s=within_s, is_aside=True)

    @asynccontextmanager
    async def turn(self, *, is_aside: bool = False) -> AsyncIterator[None]:
        """One of the slots for one request; turns do not nest.

        Exceptions of openai, httpx2, time limits and JSON leave the block as a ServedError; whether the server is up
        is learnt from how the block ends, unless `is_aside`.

        Raises:
            ServerDown: at once, while the server is left alone after failing.
            ServedError: what the block's exception means.
        """
        self._check_up(self._breaker.rests_s() == 0)
        async with self._slots:
            # It may have gone down while this one waited; what is asked aside is no trial of a server that was down.
            self._check_up(self._breaker.rests_s() == 0 if is_aside else self._breaker.admits())
            try:
                yield
            except Exception as error:
                meant = meaning(self.url, error, secrets=self._address.secrets)
                if meant is None:
                    raise
                if not is_aside:
                    (self._breaker.failed if isinstance(meant, ServerDown) else self._breaker.succeeded)()
                if meant is error:
                    raise
                raise meant from None  # the cause holds the reply's body, which may repeat the key
            else:
                if not is_aside:
                    self._breaker.succeeded()

    def refusal(self, status: int, headers: Mapping[str, str], text: str) -> ServedError:
        """What a status other than 2xx with this body means, without what must not be shown."""
        return of_status(self.url, status, headers, text, secrets=self._address.secrets)

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

    async def _once(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None,
        *,
        within_s: float | None = None,
        is_aside: bool = False,
    ) -> Any:
        url = self.root + path if path.startswith("/") else f"{self.url}/{path}"
        content = None if body is None else json.dumps(body, allow_nan=False).encode()
        headers = {"accept": "application/json"} | ({"content-type": "application/json"} if content else {})
        async with self.turn(is_aside=is_aside):
            async with asyncio.timeout(self._first_reply_s if within_s is None else within_s):
                response = await self._open().request(method, url, content=content, headers=headers)
            if not response.is_success:
                raise self.refusal(response.status_code, response.headers, response.text)
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
            authorization = self._address.authorization
            capped = Capped(self.url, transport(self.url), authorization=authorization, max_bytes=self._max_reply_bytes)
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
    return tokens if isinstance(tokens, int) and 0 <= tokens <= _MOST_TOKENS else 0
