from pathlib import Path

import pytest

from services.kernel.settings import KafkaSettings, ServiceSettings, Unreadable, read


def test_a_setting_is_its_value_or_else_what_its_file_holds(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("  from file\n")
    assert read("KEY", {"KEY": "said"}) == "said"
    assert read("KEY", {"KEY_FILE": str(file)}) == "from file"
    assert read("KEY", {"KEY": "said", "KEY_FILE": str(file)}) == "said"
    assert read("KEY", {"KEY": "", "KEY_FILE": ""}) is None
    assert read("KEY", {}) is None


def test_a_file_that_cannot_be_read_is_named_with_its_variable(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for name, reason in (("absent", "No such file"), ("binary", "not UTF-8")):
        with pytest.raises(Unreadable, match=reason) as why:
            read("KEY", {"KEY_FILE": str(tmp_path / name)})
        assert why.value.name == "KEY_FILE"
        assert why.value.file == str(tmp_path / name)


def test_no_secret_shows_when_settings_are_printed() -> None:
    kafka = KafkaSettings("broker:9092", {"sasl_plain_password": "hidden"})
    settings = ServiceSettings("registry", "postgresql://a:hidden@b/c", "postgresql://o:hidden@b/c", kafka, "hidden")
    assert "hidden" not in repr(settings)
