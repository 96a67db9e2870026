"""What is checked before anything is deployed."""

import shutil

import pytest

from infra import program
from shared import config


def test_shelters_that_do_not_fit_together_are_not_deployed(tmp_path):
    copy = shutil.copytree(config.CONFIG_DIR, tmp_path / "config")
    path = copy / "jateng" / "shelters.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("jateng-dishub", "jateng-dpu"), encoding="utf-8")
    with pytest.raises(config.ConfigError, match="agency"):
        program.jurisdictions(copy)
