# SPDX-License-Identifier: EUPL-1.2
"""All attacks, in the order in which they strike: each leaves the stack as a site would be the next morning."""
from clones import Clone, OldBackup
from disk import StolenDisk
from files import OldFiles
from hostile import Frozen, HostileSyncd
from records import ForeignPerson, NoBody, TamperedReceipt
from slips import Forged, Replayed
from stick import MaliciousStick

ATTACKS = (Forged, Replayed, HostileSyncd, ForeignPerson, NoBody, TamperedReceipt, Frozen, OldFiles, MaliciousStick, Clone, OldBackup, StolenDisk)
