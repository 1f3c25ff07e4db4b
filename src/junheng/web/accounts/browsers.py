"""What a browser calls itself, shortened to what people recognise."""

_BROWSERS = (
    ("Edg/", "Edge"), ("360", "360"), ("QQBrowser", "QQ"), ("MicroMessenger", "WeChat"), ("OPR/", "Opera"),
    ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS", "macOS"),
    ("HarmonyOS", "HarmonyOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_name(told: str) -> str:
    """`Chrome · Windows` for a User-Agent header; its beginning when neither part is known; "—" for none."""
    parts = [next((name for sign, name in known if sign in told), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, parts)) or told[:40] or "—"
