"""What goes out is safe to open: a strict policy in every document, no script in any, and no secret in any file."""

import io
import json
import re
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from authoring.packages import PACKAGES
from authoring.secrecy import SecretFound, refuse_secrets

sys.path.insert(0, str(Path(__file__).parents[1] / "player"))

import gallery_course

STORE = "https://store.example:8443/xapi"
# What may run, and what may be asked, in a document; everything else is refused.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
}
# A launch names the store of these: until then nobody knows it.
LAUNCHED = ("cmi5", "xapi")
FETCHES = {"src", "poster", "data", "action", "formaction", "srcset", "background", "ping", "manifest"}


class Reader(HTMLParser):
    """Elements and attributes of a document as a browser would see them."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def meta(self, key, name):
        return [attrs.get("content") for tag, attrs in self.elements if tag == "meta" and attrs.get(key) == name]


@pytest.fixture(scope="module")
def packages():
    """The files of the gallery by format, whole and with each module by itself, with and without a record store."""
    course = gallery_course.course()
    shapes = {
        "course": replace(course, record_store=STORE, interactions=True),
        "module": replace(course, record_store=STORE, sco_per="module"),
        "bare": replace(course, record_store=None),
    }
    return {(name, shape): PACKAGES[name](made).files() for name in PACKAGES for shape, made in shapes.items()}


def documents(files):
    return {name: Reader(body.decode()) for name, body in files.items() if name.endswith(".html")}


def policy(reader):
    (told,) = reader.meta("http-equiv", "Content-Security-Policy")
    return dict(one.split(" ", 1) for one in told.split("; "))


def test_every_document_has_a_policy_that_lets_nothing_in(packages):
    for (name, shape), files in packages.items():
        assert documents(files)
        for path, reader in documents(files).items():
            found = policy(reader)
            assert found.items() >= POLICY.items(), (name, shape, path)
            assert found.keys() == {*POLICY, "style-src", "connect-src"}
            assert re.fullmatch(r"'sha256-[\w+/]+={0,2}'", found["style-src"])
            store = " https: http:" if name in LAUNCHED else "" if shape == "bare" else " https://store.example:8443"
            assert found["connect-src"] == f"'self'{store}", (name, shape, path)
            assert reader.meta("name", "referrer") == ["no-referrer"]
            tags = [tag for tag, _ in reader.elements]
            assert tags.index("meta") < tags.index("script"), "the policy holds from where it stands"


def test_no_document_runs_or_styles_anything_of_its_own(packages):
    for files in packages.values():
        for path, reader in documents(files).items():
            for tag, attrs in reader.elements:
                assert not [name for name in attrs if name.startswith("on") or name == "style"], (path, tag, attrs)
                if tag == "script" and "src" not in attrs:
                    assert attrs.get("type") == "application/json", path
            assert sum(tag == "style" for tag, _ in reader.elements) == 1
            assert not {"base", "object", "embed", "iframe", "applet"} & {tag for tag, _ in reader.elements}


def test_nothing_is_fetched_from_outside(packages):
    for files in packages.values():
        for path, reader in documents(files).items():
            asked = [attrs[name] for _, attrs in reader.elements for name in FETCHES & attrs.keys()]
            asked += [attrs["href"] for tag, attrs in reader.elements if tag in ("link", "use", "image")]
            assert [one for one in asked if re.match(r"[a-z]+:|//", one or "") and one != "data:,"] == [], path
        styles = re.findall(r"<style>(.*?)</style>", files[next(iter(documents(files)))].decode(), re.S)
        assert re.findall(r"@import|url\((?!['\"]?data:)", "".join(styles)) == []


def test_no_script_makes_code_of_text(packages):
    makes = r"\beval\(|\bnew Function\b|\bFunction\(|\bsetTimeout\(['\"`]|document\.write|javascript:|\bimport\("
    for files in packages.values():
        scripts = {name: body.decode() for name, body in files.items() if name.endswith(".js")}
        assert "player.js" in scripts
        for name, text in scripts.items():
            assert re.findall(makes, text) == [], name
            assert re.findall(r"(?:fetch|open|assign|src ?=) ?\(?['\"`]https?:", text) == [], name


SECRETS = {
    "a header": 'Authorization: "Bearer abcdefgh12345678"',
    "basic": "Basic a2V5OnNlY3JldA==",
    "a key": '{"api_key": "abcdefgh12345678"}',
    "a token": '{"token": "abcdefgh12345678"}',
    "a token in an address": "https://store.example/x?access_token=abcdefgh12345678",
    "a line of settings": "KTB_SECRET_KEY=abcdefgh12345678",
    "an element": "<password>abcdefgh12345678</password>",
    "a private key": "-----BEGIN OPENSSH PRIVATE KEY-----",
    "an address": "https://user:pass@store.test/",
    "a web token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9mLWl0",
    "a key of a cloud": "AKIAIOSFODNN7EXAMPLE",
    "a key of a forge": "ghp_0123456789abcdefghijABCDEFGHIJ012345",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_a_secret_in_any_file_of_a_package_is_refused(packages, secret):
    files = packages["scorm2004-4", "course"]
    refuse_secrets(files)
    kinds = {name.rpartition(".")[2]: name for name in files}
    assert {"html", "js", "json", "xml", "xsd", "svg", "vtt"} <= kinds.keys()
    for name in (*kinds.values(), "notes.md", ".env", "media/talk.mp4"):
        with pytest.raises(SecretFound, match=f"^{re.escape(name)} holds "):
            refuse_secrets({name: files.get(name, b"\0\xff") + f"\n{secret}\n".encode()})


def test_a_secret_in_what_a_picture_says_of_itself_is_refused():
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", 'password: "correct-horse"')
    file = io.BytesIO()
    Image.new("RGB", (2, 2)).save(file, "png", pnginfo=told)
    with pytest.raises(SecretFound):
        refuse_secrets({"media/slate.png": file.getvalue()})


@pytest.mark.parametrize(
    "text",
    [
        "Token: a word that stands for another.",
        "Your password: choose three random words.",
        "token = read(text); secret = await ask(); password:e=>e.value",
        "A secret: never tell",
        '{"token": "", "password": null}',
        "<token>{{ token }}</token>",
        "see https://store.example/?token=",
    ],
)
def test_words_about_secrets_are_none(text):
    for name in ("page.html", "player.js", "notes.txt"):
        refuse_secrets({name: text.encode()})


def test_course_json_is_made_of_what_is_public(packages):
    for files in packages.values():
        assert STORE in files["course.json"].decode() or json.loads(files["course.json"])["record-store"] is None
