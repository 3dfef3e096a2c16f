// SPDX-License-Identifier: EUPL-1.2
// A record of which nobody can say whether it is durable: the disk failed in its commit, and the
// journal cannot be opened again. A note beside journal.db, "-untold", remembers it over the end of
// the program: the record's leaf hash and the time, and nothing personal. The next opening looks
// whether the record is there and raises an alarm with the answer (alarms.hpp); then the note goes.
// One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "drivers/base/result.hpp"
#include "sync/model/declaration.hpp"

namespace journal {

struct UntoldRecord {
    model::Digest leaf{};
    std::uint64_t wall_ms = 0;  ///< when it was said, by the wall clock; shown only
    friend bool operator==(const UntoldRecord&, const UntoldRecord&) = default;
};

/// Where the note of this journal stands, and where one goes that cannot be read.
[[nodiscard]] std::filesystem::path untold_note_of(const std::filesystem::path& journal);
[[nodiscard]] std::filesystem::path bad_untold_note_of(const std::filesystem::path& journal);

/// One line of JSON.
[[nodiscard]] std::string write_untold(const UntoldRecord& record);
/// errors  record_bad.
base::Result<UntoldRecord> parse_untold(std::string_view text);
/// Nothing if there is no note. Changes nothing.
/// errors  record_bad (no note of ours; longer than limits::untold_bytes_max), file_io.
base::Result<std::optional<UntoldRecord>> read_untold(const std::filesystem::path& note);

/// The one record of a journal whose outcome is open. At most one: nothing is recorded until the
/// journal could be opened again.
class Untold {
  public:
    /// journal  the note stands beside it; empty: memory only.
    explicit Untold(const std::filesystem::path& journal);

    /// From now on the outcome of this record is open. Noted on disk, durably, if that can be.
    void set(const UntoldRecord& record);
    /// Tries once more to note what could not be noted.
    void note_again();
    /// Whose outcome is to be looked up: what was set, else what an earlier program has noted. A
    /// note that cannot be read is put aside and logged.
    [[nodiscard]] std::optional<UntoldRecord> open_one();
    /// Its outcome is known, and to be told.
    void answered() { answered_ = true; }
    /// The answer is durable: an answered one is forgotten, here and on disk.
    void told();
    /// The answer cannot be written down: the note stays for the next program.
    void leave_to_next();

  private:
    base::Result<void> write_note() const;

    std::filesystem::path note_;  ///< empty: memory only
    std::filesystem::path bad_note_;
    std::optional<UntoldRecord> record_;
    bool noted_ = false;
    bool looked_ = false;  ///< for a note of an earlier program, or the next one is to look
    bool answered_ = false;
};

}  // namespace journal
