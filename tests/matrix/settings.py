"""The ways in which people look at a page: its width, colours, motion, spacing of the text, and paper."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from playwright.sync_api import Page

# WCAG 2.2, success criterion 1.4.12; a style sheet that is constructed is not held up by the page's policy.
SPACING = """on => {
  if (!window.spaced) {
    window.spaced = new CSSStyleSheet();
    spaced.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
        word-spacing: .16em !important } p { margin-block-end: 2em !important }`);
  }
  document.adoptedStyleSheets = on ? [spaced] : [];
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
}"""
PLAIN = {"color_scheme": "light", "forced_colors": "none", "reduced_motion": "no-preference", "media": "screen"}


class Setting(NamedTuple):
    """The size of the window in CSS pixels, what else differs from the usual, and whether the text is spaced."""

    width: int
    height: int
    media: Mapping[str, Any] = MappingProxyType({})
    spaced: bool = False


# 1280 by 1024 enlarged four times leaves 320 by 256; paper is A4 within its margins.
SETTINGS = {
    "1280": Setting(1280, 900),
    "768": Setting(768, 1024),
    "320": Setting(320, 640),
    "dark": Setting(1280, 900, {"color_scheme": "dark"}),
    "forced colours": Setting(1280, 900, {"forced_colors": "active"}),
    "400 % zoom": Setting(320, 256),
    "text spacing": Setting(320, 640, {}, spaced=True),
    "reduced motion": Setting(320, 640, {"reduced_motion": "reduce", "color_scheme": "dark"}),
    "print": Setting(680, 1000, {"media": "print"}),
}


def put(page: Page, name: str) -> None:
    """Show the page in a setting, and wait until it is drawn so."""
    setting = SETTINGS[name]
    page.set_viewport_size({"width": setting.width, "height": setting.height})
    page.emulate_media(**{**PLAIN, **setting.media})
    for frame in page.frames:
        frame.evaluate(SPACING, setting.spaced)
