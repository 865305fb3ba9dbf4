"""Settings: from variables, overridden by options, and refused in words that name them."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tentqueue.settings import BadSetting, Settings, default_database


def test_without_any_variable_the_database_lies_in_the_platforms_data_folder() -> None:
    assert Settings.from_environment({}).database_url == default_database()
    assert "tentqueue" in default_database()


def test_each_setting_comes_from_its_variable() -> None:
    settings = Settings.from_environment(
        {
            "TENTQUEUE_DATABASE": "sqlite:////data/tent.db",
            "TENTQUEUE_PORT": "8123",
            "TENTQUEUE_PUBLIC_URL": "https://tent.example.org/",
            "TENTQUEUE_TICKS": "no",
            "TENTQUEUE_LOG_LEVEL": "WARNING",
            "OTHER": "x",
        }
    )
    assert (settings.port, settings.ticks, settings.log_level) == (8123, False, "warning")
    assert settings.public_url == "https://tent.example.org"
    assert settings.database_url == "sqlite:////data/tent.db"


def test_an_option_goes_before_the_variable_and_an_absent_one_does_not() -> None:
    settings = Settings.from_environment({"TENTQUEUE_PORT": "8123"})
    assert settings.with_options(port=None, host="0.0.0.0") == Settings(port=8123, host="0.0.0.0")
    assert settings.with_options(port=9000).port == 9000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eight"),
        ("PORT", "-1"),
        ("PORT", "70000"),
        ("PORT", "²"),
        ("PORT", "9" * 5000),
        ("TICKS", "perhaps"),
        ("LOG_LEVEL", "loud"),
        ("PUBLIC_URL", "tent.example.org"),
        ("PUBLIC_URL", "javascript://x"),
        ("PUBLIC_URL", "http://"),
        ("PUBLIC_URL", "http://[::1"),
        ("PUBLIC_URL", "https://tent.example.org/path"),
        ("PUBLIC_URL", "https://user@tent.example.org"),
    ],
)
def test_a_bad_value_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"^TENTQUEUE_{name} must"):
        Settings.from_environment({f"TENTQUEUE_{name}": value})


@given(st.dictionaries(st.sampled_from([f.name for f in fields(Settings)]), st.text(max_size=30)))
def test_any_environment_gives_settings_or_a_refusal(given_: dict[str, str]) -> None:
    environ = {f"TENTQUEUE_{name.upper()}": value for name, value in given_.items()}
    said = ""
    try:
        said = f"TENTQUEUE_PORT={Settings.from_environment(environ).port}"
    except BadSetting as refused:
        said = str(refused)
    assert said.startswith("TENTQUEUE_")


def test_settings_never_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


def test_every_setting_is_documented() -> None:
    source = Path(__file__).parent.parent.joinpath("tentqueue", "settings.py").read_text()
    body = source[source.index("class Settings:") : source.index("def database_url")]
    told = [line.strip() for line in body.splitlines()]
    for field in fields(Settings):
        at = next(i for i, line in enumerate(told) if line.startswith(f"{field.name}: "))
        assert told[at + 1].startswith('"""') or field.name == "port", field.name
