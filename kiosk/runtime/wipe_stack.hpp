// SPDX-License-Identifier: EUPL-1.2
// Overwrites the part of this thread's stack that lies below the caller: short texts live inside
// their objects, so calls that have returned leave them there (K1). Any thread.
#pragma once

namespace runtime {

/// cost  a memset of 256 kB, which calls from a worker's loop do not exceed.
void wipe_stack();

}  // namespace runtime
