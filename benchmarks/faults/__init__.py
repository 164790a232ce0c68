"""The seeded faults of `diagnosis.py`: what is put into which workspace, and which causes are accepted for it.

`accepted.json` is the table fault → accepted causes, `workspaces` what is corrupted and asked, `seeds` the faults: they
are in `pages` (what sources say), `rules` (what is declared) and `machinery` (what the platform makes of both).
"""
