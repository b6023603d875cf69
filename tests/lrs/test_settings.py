"""Settings: from the environment or a file, and refused by name, never by value."""

import pytest
from click.testing import CliRunner

from lrs import config
from lrs.cli import main


def test_every_setting_has_a_line_of_help_and_a_default_that_is_good():
    values = config.read({})
    assert len(values) == len(config.SETTINGS)
    for setting in config.SETTINGS:
        assert setting.name.startswith("KTB_")
        assert setting.help.endswith(".")
        assert len(setting.help) < 80


def test_a_file_wins_over_the_environment(tmp_path):
    (tmp_path / "secret").write_text("sqlite:///from-file\n")
    environment = {"KTB_DATABASE_URL": "sqlite:///from-environment", "KTB_DATABASE_URL_FILE": str(tmp_path / "secret")}
    assert config.read(environment)["KTB_DATABASE_URL"] == "sqlite:///from-file"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KTB_DATABASE_URL", "mysql://root:hunter2@x/y"),
        ("KTB_PUBLIC_URL", "records.example-hunter2"),
        ("KTB_PUBLIC_URL", "https://x.example/?q=hunter2"),
        ("KTB_MAX_BODY", "hunter2"),
        ("KTB_MAX_BODY", "-5"),
        ("KTB_PAGE_SIZE", "0"),
        ("KTB_LAUNCH_MINUTES", "1.5"),
        ("KTB_DATABASE_URL_FILE", "/nowhere/hunter2"),
    ],
)
def test_a_bad_setting_is_named_and_its_value_is_not(name, value):
    with pytest.raises(config.ConfigError, match=name) as refused:
        config.read({name: value})
    assert "hunter2" not in str(refused.value)
    run = CliRunner().invoke(main, ["config"], env={name: value})
    assert run.exit_code == 1
    assert name in run.output
    assert "hunter2" not in run.output


def test_the_list_of_settings_hides_secrets():
    run = CliRunner().invoke(
        main, ["config"], env={"KTB_DATABASE_URL": "postgresql://u:hunter2@h/d", "KTB_PAGE_SIZE": "7"}
    )
    assert run.exit_code == 0
    assert "hunter2" not in run.output
    assert "KTB_PAGE_SIZE=7" in run.output
    for setting in config.SETTINGS:
        assert setting.name in run.output
        assert setting.help in run.output


def test_postgresql_is_reached_through_psycopg_3():
    assert config.read({"KTB_DATABASE_URL": "postgresql://h/d"})["KTB_DATABASE_URL"] == "postgresql+psycopg://h/d"
