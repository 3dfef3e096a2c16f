// SPDX-License-Identifier: EUPL-1.2
// What a wrong or hostile backend says of chains and of places in its log: lists stay bounded.
#include "drivers/base/bytes.hpp"
#include "drivers/base/check.hpp"
#include "drivers/base/limits_journal.hpp"
#include "sync/transport/answers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = base::as_text({data, size});
    if (const auto chains = transport::parse_chains(text))
        CHECK(chains->size() <= limits::epochs_max);
    if (const auto found = transport::parse_inclusions(text, 9))
        CHECK(found->size() <= limits::inclusion_indexes_max);
    return 0;
}
