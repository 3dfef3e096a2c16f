// SPDX-License-Identifier: EUPL-1.2
// How many people, by month and entry, in numbers that name nobody and cannot be subtracted from
// each other. The cuts are fixed: German months, entries, three measures; no total, no parameter,
// no month that is not over. A month is published once and stays as it is, whatever arrives later.
// A number counts people, is left out below k = 10, and is rounded down to tens from an offset that
// nobody outside knows, so that who knows all people but one does not know where the step is. Runs
// on the thread of its store. Norm: domain 5.2 STA-01, 6 item 12.
#pragma once

#include <string>
#include <string_view>

#include "sync/backend/authorities/directory.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

/// Persons as published: 0 = not published. offset is 0..statistics_step - 1.
[[nodiscard]] std::uint64_t published_persons(std::uint64_t persons, std::uint64_t offset);

/// {"k","step","months":[{"month":"2026-11","cells":[{"measure","entry","persons"}]}]}, oldest
/// first, of this authority; publishes what has become due. measure: given, withdrawn, objection.
/// errors  those of the store.
base::Result<std::string> statistics(Store& store, std::string_view id, const Authority& authority,
                                     std::uint64_t now_ms);

}  // namespace backend
