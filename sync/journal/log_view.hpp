// SPDX-License-Identifier: EUPL-1.2
// The backend's log as this terminal has verified it last, and the place where what contradicts it
// is kept. Private to this folder. One thread.
#pragma once

#include <string>
#include <string_view>

#include "sync/journal/core.hpp"
#include "sync/receipts/checkpoint.hpp"

namespace journal {

struct Held {
    std::string note;  ///< empty = none yet
    receipts::Checkpoint checkpoint;
};
/// errors  journal_io, receipt_bad (the file was changed).
base::Result<Held> read_held(Core& core);

/// Which log the terminal follows by word of somebody who may say so (Journal::follow_log).
struct Followed {
    std::string origin;               ///< empty = whichever comes first
    std::vector<crypto::Point> keys;  ///< empty = those of the options
};
/// errors  journal_io, key_bad (the file was changed).
base::Result<Followed> read_followed(Core& core);
/// From where on rows that are whole have only receipts of a log that was given up: they are
/// offered again until the present log proves them. errors: journal_io.
base::Result<std::optional<Core::Resend>> renewal(Core& core);
/// Follows the log that the options name, if it is a later one than the file knows. errors:
/// journal_io.
base::Result<void> begin_with_named_log(Core& core);

/// Keeps two signed messages of the backend that cannot both be true, inside the caller's
/// transaction, and raises the alarm. Of each alarm only the first sixteen are kept.
base::Result<void> add_log_conflict(Core& core, std::string_view held, std::string_view offered);

}  // namespace journal
