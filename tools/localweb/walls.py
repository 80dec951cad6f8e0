"""What sites show instead of a page: the faults that answer with 200 and something else."""

_WALL = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><main><h1>{heading}</h1>{rest}</main></body></html>
"""

CAPTCHA = _WALL.format(
    title="Security check",
    heading="Please verify that you are human",
    rest='<p>Complete the captcha to go on.</p><form method="post"><div class="g-recaptcha" data-sitekey="none"></div>'
    "<button>Continue</button></form>",
).encode()
LOGIN = _WALL.format(
    title="Log in",
    heading="Log in to continue",
    rest='<p>You must be logged in to read this page.</p><form method="post" action="/login">'
    '<label>Name <input name="user"></label><label>Password <input type="password" name="password"></label>'
    "<button>Log in</button></form>",
).encode()
NOT_FOUND = _WALL.format(
    title="Page not found",
    heading="Page not found",
    rest="<p>The page you are looking for does not exist. It may have been moved.</p>",
).encode()


def plain(status: int, why: str) -> bytes:
    """The short page that goes with an error status."""
    return _WALL.format(title=f"{status} {why}", heading=f"{status} {why}", rest="").encode()
