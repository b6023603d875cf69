"""Who may look, and from when to when: the page for leads, the commands, and what ends with somebody's last day."""

from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from lrs import signin
from lrs.cli import main
from lrs.storage import users
from lrs.storage.database import reading, writing

MAIR = {"email": "Mair@council.example", "name": "Mair Prawf", "role": "link", "authority": "W06000002"}
SQLITE = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


def kept(store, email="mair@council.example"):
    with reading(store.engine) as connection:
        return users.user_with_email(connection, email)


def link_for(store, email):
    with writing(store.engine) as connection:
        return "/sign-in/" + signin.new_link(connection, users.user_with_email(connection, email), store.clock.now)


@pytest.fixture
def sent(lead, token):
    """``sent(address, **fields)`` -> the answer to a lead's form."""
    return lambda address, **fields: lead.post(address, data={"form_token": token(lead), **fields})


def test_a_link_officer_sees_their_people_from_the_first_day_to_the_last(filled, app, clock, sent):
    person, _ = filled.add_person("Gwynedd Gwyneddes", "W06000002")
    today = clock.now.date()
    days = {"starts": str(today + timedelta(days=2)), "ends": str(today + timedelta(days=4))}
    assert sent("/users", **MAIR, **days).status_code == 302
    seen = []
    for _ in range(5):
        officer, link = app.test_client(), link_for(filled, "mair@council.example")
        answer = officer.post(link)
        shown = officer.get(f"/residentials/coed/people/{person}").status_code
        exported = officer.get("/residentials/coed/people.csv").status_code
        seen.append((answer.status_code, shown, exported))
        clock.now += timedelta(days=1)
    out, inside = (410, 401, 401), (302, 200, 200)
    assert seen == [out, out, inside, inside, out]


@SQLITE
def test_a_running_session_ends_with_the_office_at_midnight_in_wales(filled, app, clock):
    clock.now = clock.now.replace(month=7, hour=22, minute=59)  # 23:59 of the 20th in Wales
    officer = app.test_client()
    email = filled.sign_in(officer, "link", "W06000002")
    with writing(filled.engine) as connection:
        users.change_user(connection, kept(filled, email)._replace(ends=date(2026, 7, 21)))
    assert officer.get("/residentials/coed").status_code == 200
    clock.now += timedelta(minutes=1)
    assert officer.get("/residentials/coed").status_code == 401


def test_to_end_somebody_signs_them_out_everywhere_at_once(filled, app, sent):
    browsers = [app.test_client(), app.test_client()]
    sent("/users", **MAIR)
    for browser in browsers:
        assert browser.post(link_for(filled, "mair@council.example")).status_code == 302
    waiting = link_for(filled, "mair@council.example")
    assert sent(f"/users/{kept(filled).id}/end").status_code == 302
    assert [browser.get("/").status_code for browser in browsers] == [401, 401]
    assert app.test_client().post(waiting).status_code == 410
    ended = kept(filled)
    assert ended.ends == filled.clock.now.date()
    sent(f"/users/{ended.id}", **MAIR, ends="")  # back in office: the old sessions stay ended
    assert [browser.get("/").status_code for browser in browsers] == [401, 401]


@SQLITE
def test_a_changed_council_holds_from_the_next_page_on(filled, app, sent):
    filled.add_person("Gwynedd Gwyneddes", "W06000002")
    filled.add_person("Powys Powysydd", "W06000023")
    sent("/users", **MAIR)
    officer = app.test_client()
    officer.post(link_for(filled, "mair@council.example"))
    assert "Gwyneddes" in officer.get("/residentials/coed").text
    assert sent(f"/users/{kept(filled).id}", **{**MAIR, "authority": "W06000023"}).status_code == 302
    board = officer.get("/residentials/coed").text
    assert "Gwyneddes" not in board and "Powysydd" in board


@SQLITE
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "mair"}, "email"),
        ({"email": "lead@"}, "email"),
        ({"name": " "}, "name"),
        ({"name": "a\x1bb"}, "name"),
        ({"role": "god"}, "role"),
        ({"authority": ""}, "authority"),
        ({"authority": "W06000099"}, "authority"),
        ({"starts": "soon"}, "starts"),
        ({"starts": "2026-12-01", "ends": "2026-12-01"}, "ends"),
        ({"ends": "0001-01-01"}, "ends"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(filled, sent, page, changes, field):
    answer = sent("/users", **{**MAIR, **changes})
    assert answer.status_code == 400
    assert f'id="p-{field}"' in answer.text
    if "\x1b" not in answer.text:
        tree = page(answer)
        assert f"p-{field}" in tree.find(f".//*[@id='f-{field}']").get("aria-describedby")
    assert kept(filled) is None


@SQLITE
def test_nobody_is_added_twice_and_the_last_lead_stays(filled, lead, sent, token):
    sent("/users", **MAIR)
    assert "may look already" in sent("/users", **MAIR).text
    with reading(filled.engine) as connection:
        me = next(user for user in users.every_user(connection) if user.is_lead)
    for address, fields in ((f"/users/{me.id}/end", {}), (f"/users/{me.id}", {**MAIR, "email": me.email})):
        answer = sent(address, **fields)
        assert answer.status_code == 400
        assert "only programme lead" in answer.text
    assert lead.get("/users").status_code == 200
    sent("/users", email="two@council.example", name="Two", role="lead")
    assert sent(f"/users/{me.id}/end").status_code == 302
    assert lead.get("/").status_code == 401


@SQLITE
def test_every_change_is_in_the_log_and_the_page_says_who_may_look(filled, lead, sent, page):
    sent("/users", **MAIR)
    sent(f"/users/{kept(filled).id}", **{**MAIR, "name": "Mair Arall"})
    sent(f"/users/{kept(filled).id}/end")
    with reading(filled.engine) as connection:
        trail = connection.exec_driver_sql("SELECT detail FROM audit WHERE action = 'user' ORDER BY id").scalars().all()
    assert [one.split()[0] for one in trail] == ["added", "changed", "ended"]
    rows = page(lead.get("/users")).findall(".//tbody/tr")
    assert ["".join(row.find("th").itertext()) for row in rows] == ["Mair Prawf", "Mair Arall"]  # those who may, first
    assert "May not look" in "".join(rows[1].itertext())
    assert page(lead.get(f"/users/{kept(filled).id}")).find(".//h1").text == "Mair Arall"
    assert lead.get("/users/nobody").status_code == 404


@SQLITE
def test_commands_add_list_and_end(tmp_path, filled, monkeypatch, app):
    monkeypatch.setenv("KTB_DATABASE_URL", str(filled.engine.url))

    def run(*arguments, code=0):
        result = CliRunner().invoke(main, ["user", *arguments])
        assert result.exit_code == code, result.output
        return result.output

    mair = ["create", "--email", "mair@council.example", "--name", "Mair", "--role", "link", "--authority", "Gwynedd"]
    assert "--ends" in run(*mair, "--starts", "2026-11-01", "--ends", "2026-10-01", code=1)
    assert "--starts" in run(*mair, "--starts", "soon", code=1)
    run(*mair, "--starts", "2020-01-01")
    assert "mair@council.example  link  W06000002  2020-01-01..  Mair" in run("list")
    run("link", "mair@council.example")
    assert "may look no longer" in run("end", "mair@council.example")
    assert "may not look" in run("link", "mair@council.example", code=1)
    assert "Nobody with x@y.example" in run("end", "x@y.example", code=1)


@SQLITE
def test_a_session_that_nobody_uses_ends_and_one_in_use_lasts_ten_hours(filled, app, lead, clock):
    idle = timedelta(minutes=app.config["KTB_IDLE_MINUTES"])
    began = clock.now
    while clock.now < began + timedelta(hours=10) - idle:
        clock.now += idle - timedelta(seconds=1)
        assert lead.get("/").status_code == 200
    clock.now = began + timedelta(hours=10)
    assert lead.get("/").status_code == 401
    filled.sign_in(lead)
    clock.now += idle
    assert lead.get("/").status_code == 401


@SQLITE
def test_to_read_on_writes_to_the_store_now_and_then_only(filled, lead, clock):
    from sqlalchemy import event

    written = []
    event.listen(
        filled.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, *_: written.append(statement) if "UPDATE" in statement else None,
    )
    for _ in range(12):
        lead.get("/how-status-is-worked-out")
        clock.now += timedelta(minutes=3)
    assert len(written) == 2
