"""Certificates: who is due one, what stands on the paper, and what anybody is told who checks one."""

import io
import re
import zipfile
from datetime import timedelta

import pytest

from lrs.programme import paper
from lrs.programme.certificates import new_code
from lrs.storage.database import reading, writing
from lrs.storage.people import correct, place

pytestmark = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
ADDRESS = "/residentials/coed/certificates"


@pytest.fixture
def filled(empty):
    """A store with a residential that is over, and nobody on it yet."""
    empty.add_course()
    empty.add_cohort(opens=-30, target=-14, cut_off=-7, starts=-4)
    return empty


@pytest.fixture
def finished(filled, clock):
    """``finished(name, …)`` -> somebody who did everything and was there."""

    def made(name="Siân <Ŵyn>", *, done=True, there=True, **more):
        person, email = filled.add_person(name, **more)
        for module in ("m1", "m2", "m3")[: 3 if done else 2]:
            filled.send(email, "completed", module, clock.now - timedelta(days=10))
        if there:
            with writing(filled.engine) as connection:
                place(connection, "coed", person, "attended", "test", clock.now)
        return person

    return made


@pytest.fixture
def press(lead, token):
    """``press(where)`` -> the answer to a button of the page."""
    return lambda where="": lead.post(ADDRESS + where, data={"form_token": token(lead)})


@pytest.fixture
def told(monkeypatch):
    """What the templates of papers were given, one after the other."""
    seen = []
    made = paper.pdf
    monkeypatch.setattr(paper, "pdf", lambda name, data, at: seen.append(data) or made(name, data, at))
    return seen


def codes(store):
    with reading(store.engine) as connection:
        asked = "SELECT name, code FROM certificates ORDER BY issued_at, name"
        return dict(map(tuple, connection.exec_driver_sql(asked)))


def test_only_who_was_there_and_has_finished_is_given_one_and_only_once(filled, finished, press, lead, page):
    finished("Wedi Gorffen")
    finished("Heb Orffen", done=False)
    finished("Heb Ddod", there=False)
    due = page(lead.get(ADDRESS)).findall(".//main//ul/li")
    assert ["".join(one.itertext()) for one in due] == ["Wedi Gorffen, Cymraeg"]
    assert press().status_code == 302
    first = codes(filled)
    assert list(first) == ["Wedi Gorffen"]
    press()
    assert codes(filled) == first
    given = page(lead.get(ADDRESS)).findall(".//tbody//th")
    assert [one.text for one in given] == ["Wedi Gorffen"]


def test_nobody_is_given_one_before_the_last_day(filled, finished, press, lead, clock, token):
    filled.add_cohort("wedyn", opens=-30, target=-14, cut_off=-7, starts=-1)
    person = finished()
    with writing(filled.engine) as connection:
        place(connection, "wedyn", person, "attended", "test", clock.now)
    address = "/residentials/wedyn/certificates"
    lead.post(address, data={"form_token": token(lead)})
    assert codes(filled) == {}
    clock.now += timedelta(days=1)
    filled.sign_in(lead)
    lead.post(address, data={"form_token": token(lead)})
    assert len(codes(filled)) == 1


def test_the_paper_is_in_the_learners_language_whatever_the_lead_speaks(filled, finished, press, lead, told, clock):
    finished("Mari", language="cy")
    finished("Owen", language="en")
    clock.now += timedelta(microseconds=123_456)  # as clocks are
    press()
    held = codes(filled)
    for name in held:
        answer = lead.get(f"{ADDRESS}/{held[name]}.pdf")
        assert answer.data.startswith(b"%PDF")
        assert f'filename="{name.lower()}-{held[name]}.pdf"' in answer.headers["Content-Disposition"]
    welsh, english = told
    assert (welsh["language"], welsh["title"], welsh["did"]) == ("cy", "Tystysgrif", "wedi cwblhau modiwlau Cwrs bach")
    assert (english["language"], english["title"]) == ("en", "Certificate")
    assert english["did"] == "has completed the modules of A tiny course"
    assert english["address"] == f"http://localhost/certificates/{held['Owen']}"


def test_all_come_as_one_zip_of_tagged_pdf_without_the_revoked(filled, finished, press, lead):
    for name in ("Siân <Ŵyn> ap Tŷ", "Siân <Ŵyn> ap Tŷ", "Owen"):
        finished(name)
    press()
    press(f"/{codes(filled)['Owen']}/revoke")
    with zipfile.ZipFile(io.BytesIO(lead.get(ADDRESS + ".zip").data)) as pack:
        names = pack.namelist()
        content = [pack.read(name) for name in names]
    assert len(set(names)) == 2
    assert all(re.fullmatch(r"sian-wyn-ap-ty-[A-Z2-9-]{14}\.pdf", name) for name in names)
    assert all(b"<pdfuaid:part>1</pdfuaid:part>" in one for one in content)


def test_anybody_may_check_one_and_is_told_in_both_languages_what_stands_on_the_paper(
    filled, finished, press, client, page
):
    person = finished()
    press()
    (code,) = codes(filled).values()
    answer = client.get(f"/certificates/{code}")
    assert answer.status_code == 200
    main = page(answer).find(".//main")
    said = " ".join("".join(main.itertext()).split())
    for words in ("This certificate is valid", "Mae’r dystysgrif hon yn ddilys", "Siân <Ŵyn>", "Cwrs bach", code):
        assert words in said
    for secret in (person, "council.example", "Cardiff", "Caerdydd", "Llandrindod"):
        assert secret not in answer.text
    assert {one.get("lang") for one in main.findall(".//h1//span[@lang]")} == {"cy", "en-GB"}


def test_a_code_is_found_however_it_is_typed_and_an_invented_one_is_not(filled, finished, press, client):
    finished()
    press()
    (code,) = codes(filled).values()
    assert len(code.replace("-", "")) >= 12
    typed = " " + code.replace("-", " ").lower() + " "
    answer = client.get("/certificates", query_string={"code": typed})
    assert answer.location == f"/certificates/{code}"
    for other in (new_code(), "x", "%00", "é" * 200):
        answer = client.get(f"/certificates/{other}")
        assert answer.status_code == 404
        assert "Nid oes tystysgrif gyda’r cod hwn" in answer.text
        assert "There is no certificate with this code" in answer.text


def test_a_revoked_one_names_nobody_and_a_new_one_bears_the_name_as_it_is_now(
    filled, finished, press, client, lead, clock
):
    person = finished("Mair Cyn")
    press()
    (old,) = codes(filled).values()
    assert press(f"/{old}/again").status_code == 409
    assert press(f"/{old}/revoke").status_code == 302
    assert press(f"/{old}/revoke").status_code == 409
    answer = client.get(f"/certificates/{old}")
    assert (answer.status_code, "Mair" in answer.text) == (404, False)
    assert "This certificate is no longer valid" in answer.text
    assert lead.get(f"{ADDRESS}/{old}.pdf").status_code == 404
    assert codes(filled) == {"Mair Cyn": old}
    with writing(filled.engine) as connection:
        correct(connection, person, "Mair Wedyn", "en")
    assert press(f"/{old}/again").status_code == 302
    ((name, new),) = codes(filled).items()
    assert (name, new != old) == ("Mair Wedyn", True)
    assert client.get(f"/certificates/{new}").status_code == 200


def test_whoever_tries_code_after_code_is_stopped(filled, client, monkeypatch):
    monkeypatch.setattr("lrs.programme.limits.OF_A_CALLER", 2)
    assert [client.get("/certificates/x").status_code for _ in range(3)] == [404, 404, 429]
