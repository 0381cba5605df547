"""Security headers of every response, and how long browsers may keep it."""

from flask import Flask, Response, request

POLICY = "; ".join(  # noqa: FLY002 -- one directive a line is easier to read
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # the form controls' marks in the vendored CSS
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)

PRIVATE = "no-store, private"
KEPT_FOREVER = "public, max-age=31536000, immutable"
"""How long what changes its address with its content may be kept."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

FOR_ALL = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""The headers of what pages of other sites may read too: it is the same for everyone."""

FRAMED = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
}
"""The headers of a file that one of our pages shows in a frame, in place of those above."""


def init_app(app: Flask, *, https: bool) -> None:
    """Add the headers to every response of `app`."""

    @app.after_request
    def secure(response: Response) -> Response:
        own = set(response.headers.keys(lower=True))
        response.headers.extend(item for item in HEADERS.items() if item[0].lower() not in own)
        if https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", PRIVATE)
        return response
