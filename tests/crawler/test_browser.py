"""Pages of strangers in the real Chromium: what is read of them, and what they do not get to do."""

import asyncio
import contextlib
import json
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from time import monotonic
from typing import Any

import httpx
import psutil
import pytest
from fontes.crawler import CrawlPolicy, FetchError, Page, Skipped
from fontes.crawler.browser import Browser, BrowserMissing, Rendered
from fontes.crawler.http import Fetched

pytest.importorskip("playwright", reason="rendering needs the extra `browser`")
if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"))):
    pytest.skip("rendering needs a Chromium", allow_module_level=True)
pytestmark = pytest.mark.slow

HOST = "http://shell.example"
SHELL = (
    b'<!doctype html><html lang="en"><head><title>Tides</title></head><body><div id="root"></div>'
    b'<script src="/app.js"></script></body></html>'
)
SHOW = "document.getElementById('root').innerHTML = await (await fetch('/api/text.json')).json();"


class Canary:
    """Listens on loopback, TCP and UDP, and counts who comes."""

    def __init__(self) -> None:
        self.port, self.visits = 0, 0

    async def visited(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        writer.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None: ...
    def connection_lost(self, exc: Exception | None) -> None: ...

    def datagram_received(self, *_: object) -> None:
        self.visits += 1


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    canary = Canary()
    server = await asyncio.start_server(canary.visited, "127.0.0.1", 0)
    canary.port = server.sockets[0].getsockname()[1]
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: canary, local_addr=("127.0.0.1", canary.port)
    )
    yield canary
    transport.close()
    server.close()
    await server.wait_closed()


OURS = ("chromium", "chrome", "headless_shell", "node")


def chromiums() -> list[psutil.Process]:
    """The Chromium processes below this one, and Playwright's driver."""
    found: list[psutil.Process] = []
    for each in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended meanwhile
            found += [each] if each.name().startswith(OURS) else []
    return found


def of_type(kind: str) -> Iterator[psutil.Process]:
    return (each for each in chromiums() if f"--type={kind}" in each.cmdline())


def put_app(site: Any, script: str, *, text: str = "") -> None:
    """A shell at `/` whose script runs `script` (asynchronous) and then shows an article out of `/api/text.json`."""
    site.put("/", SHELL)
    site.put("/app.js", site.reply(f"(async () => {{ {script}\n{SHOW} }})()".encode(), kind="text/javascript"))
    body = text or site.article("Skagen").decode().partition("<body>")[2]
    site.put("/api/text.json", site.reply(json.dumps(body).encode(), kind="application/json"))


def text_of(outcome: Page | Skipped) -> str:
    assert isinstance(outcome, Page), outcome
    return outcome.text


def reason_of(outcome: Page | Skipped) -> str:
    assert isinstance(outcome, Skipped)
    return outcome.reason


async def nothing(url: str, *, kind: str) -> Fetched:
    raise FetchError(url, "network", "there is nothing")


def answer(url: str, body: bytes, *, headers: dict[str, str]) -> Fetched:
    return Fetched(url=url, status=200, headers=httpx.Headers(headers), body=body, from_cache=False, seconds=0.0)


async def render(browser: Browser, script: str = "", *, html: str = "<p>here</p>", request: Any = nothing) -> Rendered:
    body = f"<!doctype html><body>{html}<script>{script}</script></body>"
    return await browser.render(f"{HOST}/", html=body.encode(), request=request)


async def test_a_shell_whose_text_comes_by_script_is_read(site: Any) -> None:
    put_app(site, "")
    async with site.crawler(render=True) as crawler:
        visit = await crawler.visit(f"{HOST}/")
    assert "second winter the lamp failed twice" in text_of(visit.outcome)
    assert visit.final_url == f"{HOST}/"
    assert [asked.path for asked in site.log] == ["/robots.txt", "/", "/app.js", "/api/text.json"]
    assert {asked.headers["user-agent"].partition("/")[0] for asked in site.log} == {"Fontes"}


async def test_a_shell_is_skipped_with_advice_unless_rendering_is_on(site: Any) -> None:
    put_app(site, "")
    async with site.crawler() as crawler:
        outcome = await crawler.fetch(f"{HOST}/")
    assert reason_of(outcome) == "javascript"
    assert isinstance(outcome, Skipped)
    assert "render=True" in outcome.detail
    assert "fontes[browser]" in outcome.detail
    assert [asked.path for asked in site.asked()] == ["/"]


async def test_what_robots_txt_forbids_is_not_asked_by_scripts_either(site: Any) -> None:
    put_app(site, "")
    site.robots("User-agent: *\nDisallow: /api/")
    async with site.crawler(render=True) as crawler:
        outcome = await crawler.fetch(f"{HOST}/")
    assert reason_of(outcome) == "javascript"
    assert [asked.path for asked in site.asked()] == ["/", "/app.js"]


async def test_data_of_a_site_that_opts_out_is_not_asked_for(site: Any) -> None:
    put_app(site, "const other = await fetch('http://data.example/x').then(r => r.text(), () => '');")
    site.put("/x", site.reply(b"x", headers=(("Access-Control-Allow-Origin", "*"),)))
    site.robots("User-agent: *\nContent-Signal: ai-input=no\nAllow: /", host="data.example")
    async with site.crawler(render=True) as crawler:
        text_of(await crawler.fetch(f"{HOST}/"))
    assert not site.asked(host="data.example")


async def test_links_and_metadata_are_those_of_the_rendered_page(site: Any) -> None:
    put_app(site, "document.title = 'High water'; history.pushState({}, '', '/tides/today');",
            text=site.article(more='<a href="next">on</a>').decode().partition("<body>")[2])  # fmt: skip
    async with site.crawler(render=True) as crawler:
        visit = await crawler.visit(f"{HOST}/")
    assert isinstance(visit.outcome, Page)
    assert (visit.final_url, visit.redirects) == (f"{HOST}/tides/today", (f"{HOST}/",))
    assert visit.outcome.title in ("High water", "Skagen")


async def test_another_sites_data_is_read_only_if_that_site_lets_scripts_read_it() -> None:
    async def request(url: str, *, kind: str) -> Fetched:
        return answer(url, b"given", headers={"access-control-allow-origin": "*"} if "open" in url else {})

    script = """for (const host of ['open', 'closed']) fetch(`http://${host}.example/x`, {headers: {'X-Mine': '1'}})
        .then(r => r.text(), () => 'kept').then(text => document.body.append(`${host}: ${text}. `))"""
    async with Browser(CrawlPolicy()) as browser:
        rendered = await render(browser, script, request=request)
    assert b"open: given." in rendered.body
    assert b"closed: kept." in rendered.body


async def test_redirects_are_asked_for_hop_by_hop(site: Any) -> None:
    put_app(site, "window.found = await fetch('/hop').then(r => r.url, () => 'refused');")
    site.put("/hop", site.reply(status=302, headers=(("Location", "/private/x"),)))
    site.put("/private/x", b"x")
    site.robots("User-agent: *\nDisallow: /private/")
    async with site.crawler(render=True) as crawler:
        text_of(await crawler.fetch(f"{HOST}/"))
    assert [asked.path for asked in site.asked()] == ["/", "/app.js", "/hop", "/api/text.json"]


async def test_scripts_reach_no_private_address(site: Any, canary: Canary) -> None:
    target = f"127.0.0.1:{canary.port}"
    put_app(site, """
        const target = '%s', port = target.split(':')[1];
        const hosts = [target, 'localhost:' + port, '[::1]:' + port, '2130706433:' + port, '0.0.0.0:' + port,
            '169.254.169.254', '10.0.0.1'];
        const add = (tag, attributes) => document.head.append(Object.assign(document.createElement(tag), attributes));
        for (const host of hosts) {
            await fetch(`http://${host}/`).catch(() => 0);
            await fetch(`http://${host}/`, {method: 'POST', mode: 'no-cors', body: 'x'}).catch(() => 0);
            navigator.sendBeacon(`http://${host}/`, 'x');
            new WebSocket(`ws://${host}/`);
            new EventSource(`http://${host}/`);
            try { new WebTransport(`https://${host}/`); } catch {}
            for (const rel of 'preconnect dns-prefetch prefetch preload stylesheet icon modulepreload'.split(' '))
                add('link', {rel, href: `http://${host}/`, as: 'fetch'});
            add('script', {src: `http://${host}/`});
            new Image().src = `http://${host}/`;
            document.body.append(Object.assign(document.createElement('iframe'), {src: `http://${host}/`}));
            open(`http://${host}/`);
            const work = `fetch('http://${host}/'); new WebSocket('ws://${host}/')`;
            new Worker(URL.createObjectURL(new Blob([work])));
        }
        await fetch('/away').catch(() => 0);
        add('script', {src: '/away'});
        try {
            const peer = new RTCPeerConnection({iceServers: ['stun:' + target, 'turn:' + target, 'turn:' + target +
                '?transport=tcp'].map(urls => ({urls, username: 'a', credential: 'b'}))});
            peer.createDataChannel('x');
            await peer.setLocalDescription(await peer.createOffer());
        } catch {}
    """.replace("%s", target))  # fmt: skip
    site.put("/away", site.reply(status=307, headers=(("Location", f"http://{target}/"),)))
    async with site.crawler(render=True, ports=frozenset({80, 443, canary.port})) as crawler:
        assert "the lamp failed twice" in text_of(await crawler.fetch(f"{HOST}/"))
    assert canary.visits == 0
    assert {asked.host for asked in site.log} == {"shell.example"}


async def test_webrtc_cannot_reach_out_even_where_a_worlds_script_finds_it(canary: Canary) -> None:
    script = """const frame = document.createElement('iframe'); document.body.append(frame);
        for (const world of [window, frame.contentWindow]) if (world.RTCPeerConnection) {
            const peer = new world.RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:PORT'}]});
            peer.createDataChannel('x'); peer.createOffer().then(offer => peer.setLocalDescription(offer));
        }""".replace("PORT", str(canary.port))
    async with Browser(CrawlPolicy()) as browser:
        await render(browser, script)
    assert canary.visits == 0


async def test_a_strangers_page_may_not_ask_hosts_that_are_exempt(site: Any) -> None:
    put_app(site, "await fetch('http://wiki.intranet/x', {mode: 'no-cors'}).catch(() => 0);")
    site.put("/x", b"secret", host="wiki.intranet")
    resolve = {"*": f"127.0.0.1:{site.port}", "wiki.intranet": f"127.0.0.1:{site.port}"}
    async with site.crawler(render=True, resolve=resolve) as crawler:
        text_of(await crawler.fetch(f"{HOST}/"))
        text_of(await crawler.fetch("http://wiki.intranet/"))
    assert [asked.path for asked in site.asked(host="wiki.intranet")] == ["/", "/app.js", "/x", "/api/text.json"]


async def test_only_get_is_passed_on_and_nothing_but_scripts_and_data(site: Any) -> None:
    put_app(site, """
        for (const method of ['POST', 'PUT', 'DELETE', 'HEAD']) await fetch('/api/act', {method}).catch(() => 0);
        navigator.sendBeacon('/beacon', 'x');
        document.head.insertAdjacentHTML('beforeend', '<link rel=stylesheet href=/a.css><link rel=icon href=/i.ico>');
        document.body.insertAdjacentHTML('beforeend', '<img src=/i.png><video src=/v.mp4></video>'
            + '<iframe src=/frame></iframe><form method=post action=/post><input name=a></form>');
        document.forms[0].submit();
        new EventSource('/events');
        try { new Worker('/worker.js'); } catch {}
        await navigator.serviceWorker?.register('/service.js').catch(() => 0);
    """)  # fmt: skip
    async with site.crawler(render=True) as crawler:
        text_of(await crawler.fetch(f"{HOST}/"))
    assert [asked.path for asked in site.asked()] == ["/", "/app.js", "/api/text.json"]


async def test_a_view_whose_style_is_loaded_with_it_is_not_lost() -> None:
    script = """document.head.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: '/a.css',
        onload: () => document.body.append('the view'), onerror: () => document.body.append('an error')}))"""
    async with Browser(CrawlPolicy()) as browser:
        rendered = await render(browser, script)
    assert b"the view" in rendered.body
    assert rendered.requests == 0


async def test_no_cookie_or_storage_outlives_a_page(site: Any) -> None:
    put_app(site, """
        window.before = document.cookie + (localStorage.getItem('a') || '');
        document.cookie = 'mine=1; max-age=9999'; localStorage.setItem('a', 'kept');
        await fetch('/set'); await fetch('/seen');
        document.title = 'before: ' + before;
    """)  # fmt: skip
    site.put("/set", site.reply(b"x", headers=(("Set-Cookie", "theirs=1; Max-Age=9999"),)))
    site.put("/seen", b"x")
    async with site.crawler(render=True) as crawler:
        for _ in range(2):
            text_of(await crawler.fetch(f"{HOST}/"))
    assert not [asked for asked in site.log if "cookie" in asked.headers]
    async with Browser(CrawlPolicy()) as browser:
        script = "document.body.append(`[${document.cookie}]`); document.cookie = 'a=1; max-age=9999'"
        bodies = [(await render(browser, script)).body for _ in range(2)]
    assert all(b"[]" in body for body in bodies)


@pytest.mark.parametrize(
    "script",
    [
        "while (true);",
        "const again = () => Promise.resolve().then(again); again()",
        "setInterval(() => { while (true); }, 1)",
        "while (true) alert(1)",
        "setInterval(() => { alert(1); confirm(1); prompt(1); print() }, 1)",
        "onbeforeunload = () => 'stay'; setInterval(() => open('http://popup.example/'), 1)",
        "(async () => { while (true) await fetch('/x?' + Math.random()).catch(() => 0) })()",
        "for (let i = 0; i < 2000; i++) fetch('/x?' + i).catch(() => 0)",
        "setInterval(() => document.body.append('tick '), 10)",
        "setInterval(() => location = '/next?' + Math.random(), 1)",
        "location.reload()",
        "location = 'http://127.0.0.1/'",
        "document.head.innerHTML = '<meta http-equiv=refresh content=\"0; url=/next\">'",
        "for (let i = 0; i < 50; i++) new Worker(URL.createObjectURL(new Blob(['while (true);'])))",
        "Element.prototype.replaceChildren = Document.prototype.querySelectorAll = null; Array.prototype.map = null",
    ],
)
async def test_a_page_that_does_not_end_is_taken_as_it_stands(script: str) -> None:
    started = monotonic()
    async with Browser(CrawlPolicy(total_s=6)) as browser:
        rendered = await render(browser, script)
        seconds = monotonic() - started
    assert b"here" in rendered.body
    assert rendered.requests <= 50
    assert seconds < 15
    assert not chromiums()


async def test_a_page_is_read_though_the_next_one_it_asks_for_never_comes() -> None:
    async def wait(url: str, *, kind: str) -> Fetched:
        await asyncio.Event().wait()
        raise AssertionError

    async with Browser(CrawlPolicy(total_s=3)) as browser:
        rendered = await render(browser, "location = '/next'; fetch('/x')", request=wait)
    assert b"here" in rendered.body
    assert rendered.url == f"{HOST}/"


@pytest.mark.parametrize(
    "script",
    [
        "while (true) document.body.append('x'.repeat(1e5))",
        "for (let i = 0; i < 300; i++) document.body.append('x'.repeat(1e5))",
        "let node = document.body; while (true) node = node.appendChild(document.createElement('b'))",
    ],
)
async def test_a_page_that_grows_without_end_is_given_up(script: str) -> None:
    async with Browser(CrawlPolicy(total_s=6, max_bytes=2_000_000)) as browser:
        with pytest.raises(FetchError) as caught:
            await render(browser, script)
        assert caught.value.reason in ("too_large", "timeout", "unreadable")
        assert b"here" in (await render(browser)).body


async def test_a_flood_of_requests_ends_in_time_and_the_next_page_is_shown() -> None:
    started = monotonic()
    async with Browser(CrawlPolicy(total_s=4)) as browser:
        with contextlib.suppress(FetchError):  # a fast machine gets through
            await render(browser, "for (let i = 0; i < 30000; i++) fetch('/x?' + i).catch(() => 0)")
        assert b"here" in (await render(browser)).body
    assert monotonic() - started < 30
    assert not chromiums()


async def test_the_memory_of_a_page_is_bounded() -> None:
    limits: list[int] = []

    async def look(url: str, *, kind: str) -> Fetched:
        limits.extend(each.rlimit(psutil.RLIMIT_DATA)[1] for each in of_type("renderer"))
        return await nothing(url, kind=kind)

    script = "fetch('/x').finally(() => { const all = []; while (true) all.push(new Uint8Array(1e7).fill(1)) })"
    async with Browser(CrawlPolicy(total_s=6)) as browser:
        with contextlib.suppress(FetchError):  # it may be taken as it stands, or be brought down
            await render(browser, script, request=look)
        assert b"here" in (await render(browser)).body
    assert limits
    assert max(limits) <= 4 << 30
    assert min(limits) > 0


async def test_answers_are_bounded_in_all(site: Any) -> None:
    put_app(site, "for (let i = 0; i < 20; i++) await fetch('/big?' + i).catch(() => 0);")
    for number in range(20):
        site.put(f"/big?{number}", bytes(1_000_000))
    async with site.crawler(render=True, max_bytes=3_500_000) as crawler:
        await crawler.fetch(f"{HOST}/")
    assert len([asked for asked in site.asked() if asked.path.startswith("/big")]) == 4


async def test_a_page_may_lead_on_to_another_with_all_its_rules(site: Any) -> None:
    site.put("/", SHELL)
    site.put("/app.js", site.reply(b"location = '/b'", kind="text/javascript"))
    site.put("/b", site.article("Anholt"))
    site.put("/secret/c", site.article("Secret"))
    site.put("/d", site.reply(site.article("Opted out"), headers=(("X-Robots-Tag", "noai"),)))
    site.robots("User-agent: *\nDisallow: /secret/")
    async with site.crawler(render=True) as crawler:
        visit = await crawler.visit(f"{HOST}/")
        site.put("/app.js", site.reply(b"location = '/secret/c'", kind="text/javascript"))
        forbidden = await crawler.fetch(f"{HOST}/")
        site.put("/app.js", site.reply(b"location = '/d'", kind="text/javascript"))
        opted_out = await crawler.fetch(f"{HOST}/")
    assert "Anholt" in text_of(visit.outcome)
    assert visit.final_url == f"{HOST}/b"
    assert reason_of(forbidden) == reason_of(opted_out) == "javascript"
    assert not site.asked("/secret/c")


async def test_open_shadow_roots_and_their_slots_are_read_in_place() -> None:
    script = """
        const inner = document.createElement('x-inner');
        inner.attachShadow({mode: 'open'}).innerHTML = '<i>[<slot></slot>]</i>';
        inner.innerHTML = '<slot name=b>nothing</slot>';
        const outer = document.querySelector('x-outer');
        outer.attachShadow({mode: 'open'}).innerHTML = '<p>first <slot></slot> then </p>';
        outer.shadowRoot.querySelector('p').append(inner);
    """
    async with Browser(CrawlPolicy()) as browser:
        rendered = await render(browser, script, html="<x-outer>one <b slot=b>two</b></x-outer>")
    assert b'<p>first one  then <x-inner><i>[<b slot="b">two</b>]</i></x-inner></p>' in rendered.body


async def test_a_body_is_read_in_the_charset_of_its_header_and_given_in_utf_8() -> None:
    async with Browser(CrawlPolicy()) as browser:
        rendered = await browser.render(
            f"{HOST}/#!/прилив",
            html="<p>прилив</p><script>document.body.append(decodeURI(location.hash))</script>".encode("koi8-r"),
            content_type="text/html; charset=koi8-r",
            request=nothing,
        )
    assert "<p>прилив</p>" in rendered.body.decode()
    assert "#!/прилив" in rendered.body.decode()


async def test_a_page_that_loses_its_process_is_told_of() -> None:
    async def kill(url: str, *, kind: str) -> Fetched:
        for each in of_type("renderer"):
            each.kill()
        return await nothing(url, kind=kind)

    async with Browser(CrawlPolicy()) as browser:
        with pytest.raises(FetchError, match="brought its process down") as caught:
            await render(browser, "fetch('/x')", request=kill)
        assert caught.value.reason == "unreadable"
        assert b"here" in (await render(browser)).body


@pytest.mark.parametrize("deaths", [1, 2])
async def test_a_chromium_that_dies_is_replaced_and_its_page_begun_once_more(deaths: int) -> None:
    killed: list[psutil.Process] = []

    async def kill(url: str, *, kind: str) -> Fetched:
        if len(killed) < deaths:
            main = next(each for each in chromiums() if "--remote-debugging-pipe" in each.cmdline())
            killed.append(main)
            main.kill()
        return await nothing(url, kind=kind)

    async with Browser(CrawlPolicy()) as browser:
        if deaths == 1:
            assert b"here" in (await render(browser, "fetch('/x')", request=kill)).body
        else:
            with pytest.raises(FetchError, match="the browser ended"):
                await render(browser, "fetch('/x')", request=kill)
        assert b"here" in (await render(browser)).body
    assert len({each.pid for each in killed}) == deaths
    assert not chromiums()


async def test_a_cancelled_call_frees_all_that_it_held() -> None:
    under_way, given_up = asyncio.Event(), asyncio.Event()

    async def wait(url: str, *, kind: str) -> Fetched:
        under_way.set()
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()
        raise AssertionError

    async with Browser(CrawlPolicy()) as browser:
        for _ in range(4):  # more than are rendered at once
            under_way.clear(), given_up.clear()
            call = asyncio.create_task(render(browser, "fetch('/x')", request=wait))
            await under_way.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            await given_up.wait()
        assert b"here" in (await render(browser)).body
    assert not chromiums()


async def test_calls_cancelled_at_any_moment_leave_nothing_running() -> None:
    async with Browser(CrawlPolicy()) as browser:
        for turns in (0, 1, 5, 50, 500):
            call = asyncio.create_task(render(browser))
            for _ in range(turns):
                await asyncio.sleep(0)
            call.cancel()
            await asyncio.gather(call, return_exceptions=True)
    assert not chromiums()


async def test_a_crawler_leaves_nothing_running_and_starts_nothing_before_it_is_needed(site: Any) -> None:
    site.put("/plain", site.article())
    put_app(site, "")
    async with site.crawler(render=True) as crawler:
        await crawler.fetch(f"{HOST}/plain")
        assert not [each for each in chromiums() if "chrom" in each.name()]
        await asyncio.gather(*(crawler.fetch(f"{HOST}/") for _ in range(3)))
        assert [each for each in chromiums() if "chrom" in each.name()]
    assert not chromiums()


async def test_without_playwright_the_page_is_skipped_with_the_command_that_mends_it(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    for name in ("fontes.crawler.browser_process", "fontes.crawler.browser_page", "fontes.crawler.browser_requests"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    put_app(site, "")
    async with site.crawler(render=True) as crawler:
        outcome = await crawler.fetch(f"{HOST}/")
    assert reason_of(outcome) == "javascript"
    assert isinstance(outcome, Skipped)
    assert "pip install 'fontes[browser]'" in outcome.detail


async def test_without_chromium_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    async with Browser(CrawlPolicy()) as browser:
        with pytest.raises(BrowserMissing, match="apt-get install chromium") as caught:
            await render(browser)
    assert (caught.value.reason, caught.value.source) == ("javascript", f"{HOST}/")


async def test_a_chromium_that_does_not_start_is_told_of(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho no display here >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    async with Browser(CrawlPolicy()) as browser:
        with pytest.raises(BrowserMissing, match="does not start"):
            await render(browser)
    assert not chromiums()
