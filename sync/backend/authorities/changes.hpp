// SPDX-License-Identifier: EUPL-1.2
// The list of what has changed for one authority, by number: who asks for what came after the
// number that it has, misses nothing and gets nothing of another. Reading only; what is in it is
// written by views/change_feed. Runs on the thread of the store.
#pragma once

#include <string>
#include <string_view>

#include "sync/backend/store/store.hpp"

namespace backend {

/// {"changes":[{"n","kind","declaration","file_number","set"}],"next","last"} as JSON: at most
/// limits::events_page_max changes with a number above `after`, ascending. `next` is what to ask
/// for next, `last` the newest number there is; one below `after` says that the backend has lost
/// something. file_number is as of now, the signed token as of then.
/// errors  those of the store.
base::Result<std::string> changes_after(Store& store, std::string_view authority,
                                        std::uint64_t after);

}  // namespace backend
