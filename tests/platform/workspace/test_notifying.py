"""Settings of mails and webhooks."""

import pytest

from concord.workspace import FileProblem, read_settings


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hosts: [], email: {host: smtp.example, sender: a@b.example}", "smtp.example is not among hosts"),
        ("hosts: [x.example], email: {host: x.example}", "needs a sender"),
        ("hosts: [x.example], email: {host: x.example, sender: a@b.example, security: none}", "on this machine"),
        ("hosts: [h], webhooks: [{name: a, url: 'http://h/', recipients: ['user:ann'], kind: slack}]", "https"),
        ("hosts: [h], webhooks: [{name: a, url: 'https://h/', recipients: ['user:ann']}]", "secret_env"),
        ("hosts: [h], webhooks: [{name: a, url: 'https://h/', recipients: [everyone], secret_env: A}]", "everyone"),
    ],
)
def test_settings_that_cannot_be_right_are_said_to_be_wrong(tmp_path, text, told):
    (tmp_path / "concord.yaml").write_text(f"notifications: {{{text}}}\n", "utf-8")
    with pytest.raises(FileProblem, match=told):
        read_settings(tmp_path)
