// SPDX-License-Identifier: EUPL-1.2
#include "sync/journal/untold.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "drivers/base/handle.hpp"
#include "drivers/base/limits_journal.hpp"
#include "drivers/base/log.hpp"
#include "sync/model/json.hpp"
#include "sync/model/times.hpp"

namespace journal {
namespace {

using base::Errc;
using NoteFile = base::Handle<int, [](int file) { ::close(file); }>;

constexpr std::string_view untold_schema = "freigabe-untold-1";

tl::unexpected<base::Error> note_failed(const char* where) {
    return base::fail(Errc::file_io, where, static_cast<std::uint32_t>(errno));
}

}  // namespace

std::filesystem::path untold_note_of(const std::filesystem::path& journal) {
    return journal.string() + "-untold";
}

std::filesystem::path bad_untold_note_of(const std::filesystem::path& journal) {
    return journal.string() + "-untold.bad";
}

std::string write_untold(const UntoldRecord& record) {
    return model::JsonWriter()
               .text("schema", untold_schema)
               .bytes("leaf", record.leaf)
               .number("wall_ms", record.wall_ms)
               .done() +
           "\n";
}

base::Result<UntoldRecord> parse_untold(std::string_view text) {
    const auto bad = base::fail(Errc::record_bad, "note of an unknown outcome");
    const auto json = model::parse_json(text, limits::untold_bytes_max);
    if (!json || !json->is_object()) return bad;
    model::JsonFields fields(*json);
    const std::string schema = fields.text("schema", untold_schema.size());
    UntoldRecord record;
    record.leaf = fields.digest("leaf");
    record.wall_ms = fields.number("wall_ms", model::unix_ms_max);
    if (!fields.ok() || schema != untold_schema) return bad;
    return record;
}

base::Result<std::optional<UntoldRecord>> read_untold(const std::filesystem::path& note) {
    // A pipe in its place must not keep the terminal from starting.
    const int opened = ::open(note.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (opened < 0 && errno == ENOENT) return std::nullopt;
    if (opened < 0 && errno != ELOOP) return note_failed("open the note of an unknown outcome");
    const auto bad = base::fail(Errc::record_bad, "note of an unknown outcome");
    if (opened < 0) return bad;
    const NoteFile file(opened);
    struct stat info {};
    if (::fstat(opened, &info) != 0) return note_failed("stat of the note of an unknown outcome");
    if (!S_ISREG(info.st_mode)) return bad;
    std::array<char, limits::untold_bytes_max + 1> text{};
    const ssize_t size = ::pread(opened, text.data(), text.size(), 0);
    if (size < 0) return note_failed("read the note of an unknown outcome");
    TRY(record, parse_untold({text.data(), static_cast<std::size_t>(size)}));
    return record;
}

Untold::Untold(const std::filesystem::path& journal) {
    if (journal.empty()) return;
    note_ = untold_note_of(journal);
    bad_note_ = bad_untold_note_of(journal);
}

void Untold::set(const UntoldRecord& record) {
    record_ = record;
    noted_ = false;
    answered_ = false;
    if (const auto written = write_note(); !written) {
        base::log_error(written.error());
    } else {
        noted_ = true;
    }
}

void Untold::note_again() {
    // What failed is logged already.
    if (record_ && !noted_ && !answered_) noted_ = write_note().has_value();
}

std::optional<UntoldRecord> Untold::open_one() {
    if (answered_) return std::nullopt;
    if (record_ || looked_ || note_.empty()) return record_;
    looked_ = true;
    const auto read = read_untold(note_);
    if (read) {
        record_ = *read;
        noted_ = true;
        return record_;
    }
    base::log_error(read.error());
    if (read.error().code == Errc::record_bad &&
        std::rename(note_.c_str(), bad_note_.c_str()) != 0) {
        base::log_error({Errc::file_io, "put aside the note of an unknown outcome",
                         static_cast<std::uint32_t>(errno)});
    }
    return std::nullopt;
}

void Untold::told() {
    if (!answered_) return;
    record_.reset();
    answered_ = false;
    if (note_.empty() || ::unlink(note_.c_str()) == 0 || errno == ENOENT) return;
    // The next start finds the answer to it among the alarms, and does not count it again.
    base::log_error({Errc::file_io, "remove the note of an unknown outcome",
                     static_cast<std::uint32_t>(errno)});
}

void Untold::leave_to_next() {
    if (!answered_) return;
    record_.reset();
    answered_ = false;
    looked_ = true;
}

base::Result<void> Untold::write_note() const {
    if (note_.empty()) return {};
    const std::string text = write_untold(*record_);
    const std::string half = note_.string() + ".tmp";
    const NoteFile file(
        ::open(half.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
    const NoteFile folder(::open(note_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (file.get() >= 0 && folder.get() >= 0 &&
        ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(file.get()) == 0 && std::rename(half.c_str(), note_.c_str()) == 0 &&
        ::fsync(folder.get()) == 0) {
        return {};
    }
    const auto failed = note_failed("note an unknown outcome");
    (void)::unlink(half.c_str());  // nothing reads it, and the next try makes it anew
    return failed;
}

}  // namespace journal
