"""The demonstration province: one seeded epidemic, the forms it leaves behind, and the server that hands them out.

Nothing here describes a real person. The published figures of Bà Rịa - Vũng Tàu in 2021 (published.py) are
reproduced as of their dates; everything between them is drawn. A new system of the province is one more module
that reads the same epidemic, one entry in feeds.py and one block in config.toml.
"""

from __future__ import annotations
