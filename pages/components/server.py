"""The web server around the pages: who may connect, what is served beside them, and what each answer carries.

Streamlit serves one HTML shell for every address. We serve our own copy of it: in Vietnamese, with our style
sheet and fonts from this host, without what it would load and never use, and with a skeleton that stands until
the first figures come. Nothing here refers to another host.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import html
import ipaddress
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import fontpkg_be_vietnam_pro
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, file_util

from pages.components import theme
from pages.components.navigation import takes_files
from pages.components.selection import HOME
from pages.components.uploads import UploadGate

FONT_FOLDER = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
FONT_FILES = {
    "regular.ttf": "BeVietnamPro-Regular.ttf",
    "semibold.ttf": "BeVietnamPro-SemiBold.ttf",
    "bold.ttf": "BeVietnamPro-Bold.ttf",
}
ICON_FILE = theme.ASSETS / "theme" / "icon.svg"
SHELL_FILE = Path(file_util.get_static_dir()) / "index.html"
NOT_PAGES = ("_stcore", "static", "media", "component", "fonts", "assets", "vendor")
"""Addresses of one part that are services, not pages."""
EMBED_OPTION = {"light": "light_theme", "dark": "dark_theme", "projector": "dark_theme"}
"""Streamlit's own widgets take their theme from the address, by this documented option."""
KEPT_SECONDS = 86_400
LOOPBACK_ONLY = (
    "server.address = {found!r}: Toàn cảnh chỉ phục vụ trên chính máy này (127.0.0.1, ::1 hoặc localhost) "
    "vì chưa có đăng nhập. "
    "The server only serves this machine (127.0.0.1, ::1 or localhost) because there is no sign-in yet; "
    'set server.address = "127.0.0.1" and put a proxy with sign-in in front.'
)


def is_loopback(address: str | None) -> bool:
    """True for localhost, 127.0.0.0/8 and ::1; False for any other address, and for none, which means all of them."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address((address or "").strip("[]")).is_loopback
    except ValueError:
        return False


def refuse_other_hosts() -> None:
    """Nothing where the server is bound to this machine only; SystemExit with a sentence that says why otherwise."""
    address = config.get_option("server.address")
    if not is_loopback(address):
        raise SystemExit(LOOPBACK_ONLY.format(found=address))


@cache
def _shell_parts() -> tuple[str, str]:
    """Streamlit's HTML shell as text before and after the place of the language and theme, and our additions in it."""
    shell = SHELL_FILE.read_text(encoding="utf-8")
    shell = re.sub(r"<!--.*?-->", "", shell, flags=re.DOTALL)
    shell = re.sub(r"<link\s+rel=\"preload\"[^>]*as=\"font\"[^>]*/>", "", shell)
    shell = re.sub(r"<link rel=\"(service-desc|shortcut icon)\"[^>]*/>", "", shell)
    shell = re.sub(r"<noscript>.*?</noscript>", f"<noscript>{NEEDS_SCRIPT}</noscript>", shell, flags=re.DOTALL)
    shell = shell.replace("<title>Streamlit</title>", f"<title>Toàn cảnh</title>{HEAD}")
    shell = shell.replace('<div id="root"></div>', f'<div id="root">{SKELETON}</div>')
    before, found, after = shell.partition('<html lang="en">')
    if not found or HEAD not in after or SKELETON not in after:
        raise RuntimeError(f"{SHELL_FILE}: needed Streamlit's HTML shell, found another one; see _shell_parts")
    return before, re.sub(r"\s*\n\s*", "\n", after)


@cache
def _version() -> str:
    """Eight hex digits that change with the style sheet or the script, so that browsers may keep them for long."""
    return hashlib.sha256((theme.style_sheet() + theme.SCRIPT_FILE.read_text(encoding="utf-8")).encode()).hexdigest()[
        :8
    ]


NEEDS_SCRIPT = "<p>Toàn cảnh cần JavaScript. This page needs JavaScript.</p>"
HEAD = "".join(
    (
        '<link rel="icon" href="./assets/icon.svg" type="image/svg+xml">',
        *(
            f'<link rel="preload" href="./fonts/{name}" as="font" type="font/ttf" crossorigin>'
            for name in ("regular.ttf", "semibold.ttf")
        ),
        f'<link rel="stylesheet" href="./assets/frame.css?{_version()}">',
        f'<script defer src="./assets/frame.js?{_version()}"></script>',
    )
)
SKELETON = (
    '<div class="tc-skeleton" aria-busy="true" aria-label="Đang tải"><i class="tc-sk-line"></i>'
    + f'<div class="tc-sk-tiles">{"<i></i>" * 8}</div><div class="tc-sk-panels"><i></i><i></i><i></i></div></div>'
)


def shell(language: str, chosen: str | None) -> str:
    """The HTML every page starts from, in `language` and with the theme of the address, if it names one."""
    before, after = _shell_parts()
    marked = f' data-theme="{html.escape(chosen)}"' if chosen else ""
    return f'{before}<html lang="{html.escape(language)}"{marked}>{after}'


@cache
def content_security_policy() -> str:
    """What a page may load: this host only, and the inline scripts of the shell by their hash.

    Inline styles are allowed because Streamlit writes its own; `data:` and `blob:` pictures and workers are drawn
    in the browser by the map and the tables.
    """
    scripts = re.findall(r"<script>(.*?)</script>", shell("vi", None), flags=re.DOTALL)
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in scripts
    )
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'wasm-unsafe-eval' {hashes}".strip(),  # deck.gl's geometry is WebAssembly
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _is_page(path: str) -> bool:
    """True for / and /name: a browser at /name also asks /name/_stcore/health, to find out where the app begins."""
    name = path.removeprefix("/")
    return name not in NOT_PAGES and "." not in name and "/" not in name


class Doorkeeper:
    """Answers pages itself, refuses other hosts, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        page = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"} and _is_page(scope["path"])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = content_security_policy()
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=()"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                if page or scope["path"].startswith("/media/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        if not _served_on_loopback(scope):
            await _refuse(scope, receive, send_with_headers)
        elif page:
            await _page(scope)(scope, receive, send_with_headers)
        else:
            await self.app(scope, receive, send_with_headers)


def _served_on_loopback(scope: Scope) -> bool:
    """False where the connection came in on another address, as when uvicorn was told --host 0.0.0.0."""
    server = scope.get("server")
    return server is None or server[1] is None or is_loopback(server[0])


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse(LOOPBACK_ONLY.format(found=scope["server"][0]), status_code=403)(scope, receive, send)


def _page(scope: Scope) -> Response:
    """The shell; or the same address with the option that gives Streamlit's widgets the theme it names."""
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    asked = dict(query)
    chosen = asked.get("theme")
    if chosen not in theme.THEMES:
        chosen = None
    if scope["path"] == f"/{HOME}":  # the default page of Streamlit has no address of its own
        return RedirectResponse(f"./?{urlencode(query)}" if query else "./", status_code=307)
    wanted = EMBED_OPTION.get(chosen or "")
    if asked.get("embed_options") != wanted:
        kept = [(name, value) for name, value in query if name != "embed_options"]
        kept += [("embed_options", wanted)] if wanted else []
        return RedirectResponse(f"{scope['path']}{'?' if kept else ''}{urlencode(kept)}", status_code=307)
    return HTMLResponse(shell("en" if asked.get("lang") == "en" else "vi", chosen))


@cache
def _font_bytes(name: str) -> bytes:
    """The font compressed once: 133 KB become 52."""
    return gzip.compress((FONT_FOLDER / FONT_FILES[name]).read_bytes(), compresslevel=9)


async def _font(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in FONT_FILES:
        return PlainTextResponse("unknown font", status_code=404)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(FONT_FOLDER / FONT_FILES[name], media_type="font/ttf", headers=_kept())
    headers = _kept() | {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(_font_bytes(name), media_type="font/ttf", headers=headers)


async def _style(request: Request) -> Response:
    return Response(theme.style_sheet(), media_type="text/css", headers=_kept())


async def _script(request: Request) -> Response:
    return FileResponse(theme.SCRIPT_FILE, media_type="text/javascript", headers=_kept())


async def _icon(request: Request) -> Response:
    return FileResponse(ICON_FILE, media_type="image/svg+xml", headers=_kept())


def _kept() -> dict[str, str]:
    return {"Cache-Control": f"public, max-age={KEPT_SECONDS}"}


def routes() -> list[Route]:
    """The files served beside Streamlit's: fonts, style sheet, script and icon."""
    return [
        Route("/fonts/{name}", _font),
        Route("/assets/frame.css", _style),
        Route("/assets/frame.js", _script),
        Route("/assets/icon.svg", _icon),
    ]


def middleware(role: str) -> list[Middleware]:
    """The doorkeeper and the gate of uploads, before everything of Streamlit's; `role` is the process's own."""
    return [Middleware(Doorkeeper), Middleware(UploadGate, taken=lambda: takes_files(role))]


def lifespan(warm: Callable[[], None]) -> Callable[[Any], Any]:
    """A lifespan that runs `warm` in a thread before the first visitor, who would otherwise pay 1.6 s of imports."""

    @asynccontextmanager
    async def run(_app: Any) -> AsyncIterator[None]:
        for option, value in theme.streamlit_options().items():
            config.set_option(option, value)
        await asyncio.to_thread(warm)
        yield

    return run
