// SPDX-License-Identifier: EUPL-1.2
// Fills a backend's database for the browser test: ten declarations of people in every
// state of the case worker's page. They are sealed, chained, signed and ingested for real.
//   fill_inbox <database> <pki folder>
#include <chrono>
#include <cstdio>
#include <string>

#include "drivers/base/limits.hpp"
#include "drivers/crypto/key_file.hpp"
#include "drivers/keys/private_file.hpp"
#include "sync/backend/ingest/ingest.hpp"
#include "sync/backend/log/sequencer.hpp"
#include "sync/backend/store/sqlite/sqlite_store.hpp"
#include "tests/unit/sync/backend/people.hpp"
#include "tests/unit/sync/backend/world.hpp"

namespace {

using test::Story;

std::uint64_t now_ms() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

int fill(const std::string& database, const std::string& pki) {
    auto bytes =
        keys::read_file(pki + "/views.key", limits::config_bytes_max, keys::Access::owner_only);
    if (!bytes) return 1;
    const auto views = crypto::parse_private_key(*bytes);
    auto store = backend::SqliteStore::open(database);
    if (!views || !store) return 1;
    test::SeededRandom random{2026};
    test::Terminal terminal{1, random};
    test::enrol(**store, terminal);
    Story story({terminal, views->point, random, now_ms()});
    const std::string jugendamt = "musterstadt-jugendamt";
    const std::string agentur = "musterstadt-agentur";
    const std::string jobcenter = "musterstadt-jobcenter";
    const test::Human leyla{1, "Demir", "Leyla", "2007-03-14"};
    const test::Human jonas{2, "Brandt", "Jonas Elias", "2005-11-02"};
    const test::Human first_amira{3, "Haddad", "Amira", "2004-06-30"};
    const test::Human second_amira{4, "Haddad", "Amira", "2004-06-30"};
    const test::Human mehmet{5, "Yılmaz", "Mehmet", "2006-  -  "};
    const test::Human mehmet_says_somebody{7, "Yılmaz", "Mehmet", "2006-  -  "};
    const test::Human sofie{6, "Nowak", "Sofie Marie", "2008-01-19"};
    // A request for access that has waited for longer than its month.
    constexpr std::uint64_t forty_days_ms = 40ULL * 86'400'000;
    Story earlier({terminal, views->point, random, now_ms() - forty_days_ms});
    earlier.ask_access(sofie, {jugendamt});
    story.give(leyla, "JBA-03", {jugendamt}, {agentur, jobcenter}, 180);
    story.give(first_amira, "JBA-01", {jobcenter}, {agentur, jugendamt}, 365);
    story.give(second_amira, "JBA-01", {jobcenter}, {agentur, jugendamt}, 365);
    story.give(sofie, "JBA-02", {agentur}, {jugendamt, jobcenter}, 365);
    story.give(mehmet, "JBA-05", {jobcenter, jugendamt}, {agentur}, 40);
    story.note(mehmet_says_somebody, "JBA-05", agentur);
    const auto taken_back = story.give(jonas, "JBA-03", {jugendamt}, {agentur}, 180);
    story.take_back(jonas, taken_back);
    story.ask_access(sofie, {agentur});
    story.object(leyla, "JBA-11", {agentur}, {"land-bildung"});
    const auto outcome =
        backend::ingest_batch(**store, terminal.id, terminal.batch(1, story.count()));
    if (!outcome || !backend::sequence(**store)) return 1;
    std::printf("%zu records\n", outcome->added);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    return fill(argv[1], argv[2]);
}
