"""Which browser asks, for the advice that fits it. Read, used at once, never kept."""

# They look like one of ours, but have other menus; "wv" is a page inside an app.
_OTHERS = (
    *("; wv)", "Edg", "OPR/", "OPiOS/", "OPT/", "YaBrowser/", "Ddg/", "DuckDuckGo/"),
    *("FBAV/", "Instagram", "GSA/", "Vivaldi/", "UCBrowser/", "MiuiBrowser/"),
)
# The first line that fits is true: nearly all call themselves Safari, many Chrome.
_MARKS = (
    ("samsung", ("SamsungBrowser/",)),
    ("firefox-iphone", ("FxiOS/",)),
    ("chrome-iphone", ("CriOS/",)),
    ("firefox-android", ("Firefox/", "Android")),
    ("firefox-computer", ("Firefox/",)),
    ("chrome-android", ("Chrome/", "Android")),
    ("chrome-computer", ("Chrome/",)),
    ("safari-iphone", ("Safari/", "Mobile/")),
    ("safari-mac", ("Safari/", "Macintosh")),
)
# Phones first; each has a page of steps in translations/<locale>/browsers/.
BROWSERS = (
    *("chrome-android", "chrome-iphone", "safari-iphone", "samsung"),
    *("firefox-android", "firefox-iphone"),
    *("chrome-computer", "safari-mac", "firefox-computer"),
)


def browser_of(user_agent: str) -> str:
    """Return the key of a browser, or "" for one that we have no steps for."""
    if any(mark in user_agent for mark in _OTHERS):
        return ""
    for key, marks in _MARKS:
        if all(mark in user_agent for mark in marks):
            return key
    return ""
