"""Google's services as this machine's own, for tests over real sockets.

``storage.StorageServer`` and ``metadata.MetadataServer`` answer the real client
libraries; ``server.Server`` with ``faults.Faults`` is what further emulators
stand on.
"""

from __future__ import annotations
