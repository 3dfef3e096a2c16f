// SPDX-License-Identifier: EUPL-1.2
// What somebody must look at, and that nobody at the terminal can mend by going on: counted per
// kind, durable, shown by status(). One thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "drivers/base/result.hpp"

namespace journal {

class Core;

/// Numbers are stored: never reuse one.
enum class AlarmKind : std::uint8_t {
    /// The backend signed two things about its log that cannot both be true (I12, I13).
    log_conflict = 1,
    /// The backend asks for records that it has acknowledged: it came out of a backup.
    backend_set_back = 2,
    /// It asks for records whose content is gone here by the rules: nobody has them any more.
    content_lost = 3,
    /// Records stand under our identity that are not ours: this disk came out of a backup, or a
    /// copy of it is in use. Recording went on in a new epoch.
    foreign_records = 4,
    /// They come again: another machine records under our identity. No grants until the journal
    /// key is changed on the right one.
    identity_cloned = 5,
    /// A write to this disk failed, not for want of room. What was recorded is whole: it was opened
    /// and verified anew. The disk is ill.
    disk_failed = 6,
    /// After such a failure nobody could say whether a declaration was recorded, and the person was
    /// told so; it was. Its time is that of the declaration.
    record_untold = 7,
    /// The same, and it was not.
    record_failed = 8,
};
/// The word in logs and in the technician's tool.
[[nodiscard]] std::string_view word(AlarmKind kind);

struct Alarm {
    AlarmKind kind = AlarmKind::log_conflict;
    std::uint64_t count = 0;
    std::uint64_t first_ms = 0;  ///< wall clock, shown only
    std::uint64_t last_ms = 0;
};

/// What has to be raised once the file can be written again.
struct PostponedAlarm {
    AlarmKind kind = AlarmKind::log_conflict;
    std::uint64_t wall_ms = 0;
};

/// Counts one more, inside the caller's transaction, and logs it. errors: journal_io, journal_full.
base::Result<void> raise_alarm(Core& core, AlarmKind kind);
/// Each of them, in a transaction of their own. errors: journal_io, journal_full.
base::Result<void> raise_together(Core& core, const std::vector<PostponedAlarm>& alarms);
/// What raise_alarm logs.
void log_alarm(AlarmKind kind, std::uint64_t count);
/// Settles what a log of this generation, begun anew, explains: log_conflict and backend_set_back.
/// They are kept, and a further one calls anew. Inside the caller's transaction. errors:
/// journal_io.
base::Result<void> close_alarms(Core& core, std::uint32_t generation);
/// All that were raised and are not settled, by kind. errors: journal_io.
base::Result<std::vector<Alarm>> read_alarms(Core& core);

}  // namespace journal
