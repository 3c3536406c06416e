"""Find the keys that lie on this machine in plain text: in both AWS files, and in the console's downloaded files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from keywright.aws.identifiers import account_of
from keywright.client.audit.facts import KeyInPlainText
from keywright.client.csv_keys import CsvError, read_csv
from keywright.client.known_options import EXAMPLE_KEY_IDS, KEY_ID, KEY_ID_FORM, PLACEHOLDER, SECRET
from keywright.client.profiles import read_profiles


def keys_in_plain_text(environment: Mapping[str, str] | None = None) -> tuple[KeyInPlainText, ...]:
    """
    Give the long-term keys found; temporary ones end by themselves, and the documentation's are nobody's.

    Raises: OSError.
    """
    environment = os.environ if environment is None else environment
    found = (*_in_profiles(environment), *_in_downloads(environment))
    return tuple(one for one in found if one.access_key_id not in EXAMPLE_KEY_IDS)


def _in_profiles(environment: Mapping[str, str]) -> Iterator[KeyInPlainText]:
    for profile in read_profiles(environment)[0]:
        kinds_with_secret = {one.kind for one in profile.settings if one.name == SECRET and one.value}
        for setting in profile.settings:
            if setting.name == KEY_ID and setting.kind in kinds_with_secret and _is_long_term(setting.value):
                yield KeyInPlainText(setting.value, account_of(setting.value), setting.path, setting.line, profile.name)


def _is_long_term(key_id: str) -> bool:
    is_key = KEY_ID_FORM.fullmatch(key_id) and not PLACEHOLDER.fullmatch(key_id)
    return bool(is_key) and not key_id.startswith("ASIA")


def _in_downloads(environment: Mapping[str, str]) -> Iterator[KeyInPlainText]:
    folder = Path(environment.get("XDG_DOWNLOAD_DIR") or "~/Downloads").expanduser()
    for path in sorted(folder.glob("*.csv")) if folder.is_dir() else []:
        try:
            keys = read_csv(path)
        except (CsvError, OSError):
            # It is another kind of file, or another's.
            continue
        for key in keys:
            if _is_long_term(key.access_key_id):
                yield KeyInPlainText(key.access_key_id, account_of(key.access_key_id), path, key.line, None)
