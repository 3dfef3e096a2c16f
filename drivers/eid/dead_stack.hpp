// SPDX-License-Identifier: EUPL-1.2
// Wipes what calls that have returned left on the stack and in registers. Secrets wipe themselves,
// but not what passed through vector registers on its way: the first call of each library function
// goes through the dynamic linker, which saves those registers on the stack, with the key bytes
// that were moved last. Found by unit_eid_memory. Any thread.
#pragma once

namespace eid {

/// Stands first in a function that works with secrets, so that it dies last there.
class DeadStackWipe {
  public:
    DeadStackWipe() = default;
    DeadStackWipe(const DeadStackWipe&) = delete;
    DeadStackWipe& operator=(const DeadStackWipe&) = delete;
    ~DeadStackWipe();
};

}  // namespace eid
