// SPDX-License-Identifier: EUPL-1.2
// The note of a record whose outcome nobody knew: what it says, what is done with one that is
// damaged, and that its answer is counted once. How it comes about: tests/crash.
#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <fstream>

#include "drivers/base/limits_journal.hpp"
#include "sync/journal/untold.hpp"
#include "sync/model/batch.hpp"
#include "sync/model/times.hpp"
#include "sync/seal/chain.hpp"

using base::Errc;
using fakes::JournalWorld;
using journal::AlarmKind;
namespace fs = std::filesystem;

namespace {

void put(const fs::path& path, std::string_view text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

/// How often each of the two answers was counted.
struct Answers {
    std::uint64_t recorded = 0;
    std::uint64_t not_recorded = 0;
    friend bool operator==(const Answers&, const Answers&) = default;
};

Answers answers_of(journal::Journal journal) {
    const auto status = journal.status();
    REQUIRE(status.has_value());
    Answers out;
    for (const journal::Alarm& alarm : status->alarms) {
        if (alarm.kind == AlarmKind::record_untold) out.recorded = alarm.count;
        if (alarm.kind == AlarmKind::record_failed) out.not_recorded = alarm.count;
    }
    return out;
}

/// A journal of two records; the leaf of the first.
model::Digest two_records(JournalWorld& world) {
    journal::Journal journal = world.open();
    for (int i = 0; i < 2; ++i) REQUIRE(journal.append(fakes::consent(7), {}).has_value());
    const auto batch = model::parse_batch(journal.next_batch(50).value());
    REQUIRE(batch.has_value());
    return seal::leaf_hash(batch->records.front().header);
}

}  // namespace

TEST_CASE("untold: what is noted is read again, and anything else is no note") {
    const journal::UntoldRecord record{{1, 2, 3}, model::unix_ms_max};
    const std::string text = journal::write_untold(record);
    CHECK(text.size() <= limits::untold_bytes_max);
    CHECK(journal::parse_untold(text).value() == record);
    const journal::UntoldRecord first{};
    CHECK(journal::parse_untold(journal::write_untold(first)).value() == first);
    for (std::size_t size = 0; size + 1 < text.size(); ++size) {
        CAPTURE(size);
        CHECK(journal::parse_untold(text.substr(0, size)).error().code == Errc::record_bad);
    }
    std::string late = text;
    late.replace(late.find(std::to_string(model::unix_ms_max)), 15,
                 std::to_string(model::unix_ms_max + 1));
    std::string newer = text;
    newer.replace(newer.find("untold-1"), 8, "untold-2");
    std::string more = text;
    more.insert(1, "\"more\":1,");
    const std::string spaces(limits::untold_bytes_max, ' ');
    for (const std::string& bad : {late, newer, more, text + text, spaces + text}) {
        CAPTURE(bad);
        CHECK(journal::parse_untold(bad).error().code == Errc::record_bad);
    }
}

TEST_CASE("untold: the start after it looks for the record, wherever it stands, and says it once") {
    JournalWorld world;
    const model::Digest leaf = two_records(world);
    const fs::path note = journal::untold_note_of(world.options().path);
    journal::UntoldRecord record{leaf, 1'764'000'000'001};
    Answers expected{1, 0};
    SUBCASE("it is there") {}
    SUBCASE("it is not there") {
        record.leaf[0] ^= 1U;
        expected = {0, 1};
    }
    put(note, journal::write_untold(record));
    CHECK(answers_of(world.open()) == expected);
    CHECK_FALSE(fs::exists(note));
    // The program ended between the alarm and the end of the note.
    put(note, journal::write_untold(record));
    CHECK(answers_of(world.open()) == expected);
    CHECK_FALSE(fs::exists(note));
    // Another one is another one.
    record.wall_ms += 1;
    put(note, journal::write_untold(record));
    CHECK(answers_of(world.open()) == Answers{2 * expected.recorded, 2 * expected.not_recorded});
}

TEST_CASE("untold: a note that cannot be read is put aside and keeps nobody from recording") {
    JournalWorld world;
    (void)two_records(world);
    const fs::path note = journal::untold_note_of(world.options().path);
    const fs::path aside = journal::bad_untold_note_of(world.options().path);
    SUBCASE("empty") {
        put(note, "");
    }
    SUBCASE("half") {
        put(note, journal::write_untold({}).substr(0, 50));
    }
    SUBCASE("too long") {
        put(note, journal::write_untold({}) + std::string(limits::untold_bytes_max, ' '));
    }
    SUBCASE("a link") {
        put(note.string() + "-elsewhere", journal::write_untold({}));
        fs::create_symlink(note.string() + "-elsewhere", note);
    }
    SUBCASE("a folder") {
        fs::create_directory(note);
    }
    SUBCASE("a pipe that nobody writes into") {
        REQUIRE(::mkfifo(note.c_str(), 0600) == 0);
    }
    CHECK(journal::read_untold(note).error().code == Errc::record_bad);
    journal::Journal journal = world.open();
    CHECK(journal.append(fakes::consent(7), {}).has_value());
    CHECK(journal.status()->alarms.empty());
    CHECK_FALSE(fs::exists(fs::symlink_status(note)));
    CHECK(fs::exists(fs::symlink_status(aside)));
}
