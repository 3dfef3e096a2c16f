// SPDX-License-Identifier: EUPL-1.2
#include "tests/fuzz/journal_damage.hpp"

#include <fstream>
#include <iterator>

#include "drivers/base/check.hpp"

namespace fuzz {
namespace {

std::size_t place_of(base::ByteView bytes) {
    std::size_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8U | byte;
    return value;
}

}  // namespace

base::Bytes whole_journal(fakes::JournalWorld& world) {
    {
        journal::Journal journal = world.open();
        const auto given = journal.append(fakes::consent(7), journal::Slip::print);
        CHECK(given.has_value());
        CHECK(journal.append(fakes::withdrawal_of(7, given->declaration), journal::Slip::none)
                  .has_value());
    }
    std::ifstream file(world.options().path, std::ios::binary);
    base::Bytes bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    CHECK(bytes.size() > 8'192);
    return bytes;
}

base::Bytes damaged(base::Bytes whole, base::ByteView input) {
    if (base::as_text(input).starts_with("SQLite format 3")) return {input.begin(), input.end()};
    while (input.size() >= 4) {
        whole[place_of(input.first(3)) % whole.size()] = input[3];
        input = input.subspan(4);
    }
    if (!input.empty()) whole.resize(place_of(input) % whole.size());
    return whole;
}

void place(const fakes::JournalWorld& world, base::ByteView bytes) {
    const auto path = world.options().path;
    for (const char* tail : {"-wal", "-shm", "-journal"}) {
        std::filesystem::remove(path.string() + tail);
    }
    std::ofstream(path, std::ios::binary) << base::as_text(bytes);
}

}  // namespace fuzz
