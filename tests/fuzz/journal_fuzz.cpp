// SPDX-License-Identifier: EUPL-1.2
// A damaged journal is opened or refused with a reason of its own, and what opens can be read.
#include "drivers/base/check.hpp"
#include "tests/fuzz/journal_damage.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static fakes::JournalWorld world;
    static const base::Bytes whole = fuzz::whole_journal(world);
    fuzz::place(world, fuzz::damaged(whole, {data, size}));
    auto opened = journal::Journal::open(world.options(), world.ports());
    if (!opened) {
        const auto code = static_cast<unsigned>(opened.error().code);
        CHECK(code / 100 == 4 || opened.error().code == base::Errc::key_bad);
        return 0;
    }
    (void)opened->my_releases(fakes::pseudonym_of(7)).has_value();
    (void)opened->next_batch(limits::batch_records_max).has_value();
    (void)opened->next_advance().has_value();
    return 0;
}
