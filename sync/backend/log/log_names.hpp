// SPDX-License-Identifier: EUPL-1.2
// Which log this is. A database that was restored from an older copy goes on under the next name
// (receipts::log_generation), since what stood behind the copy's end in the log before is not what
// stands there now. What a terminal says to have seen counts only as far as both logs are the same:
// up to where the later one went its own way. Runs on the thread of the store.
// Norm: sync/README.md "the rule"; operations.md "Restore".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "sync/backend/store/store.hpp"

namespace backend {

struct LogNames {
    std::uint64_t size = 0;                        ///< of the present log
    std::map<std::uint32_t, std::uint64_t> first;  ///< generation -> size at which it began
    /// What an observed_claim proves in the present log: 0 if it is larger than its log was, or of
    /// a log that this database does not know.
    [[nodiscard]] std::uint64_t provable(std::uint64_t claim) const;
};
/// errors  those of the store. cost: one statement.
base::Result<LogNames> read_log_names(Store& store);

/// Writes down that this database's log goes on under this name, before anything is put into it or
/// signed. The present name again changes nothing.
/// errors  config_bad "log.name_given_up" (a later name was used before), "options.issuer" (no
/// checkpoint may bear it), those of the store.
base::Result<void> enter_log(Store& store, std::string_view issuer);
/// What somebody does next about such a refusal, two lines; empty for any other error.
[[nodiscard]] std::string remedy_of(const base::Error& error);

}  // namespace backend
