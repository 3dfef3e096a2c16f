// SPDX-License-Identifier: EUPL-1.2
#include "drivers/pcsc/reader_list.hpp"

#include <algorithm>

#include "drivers/base/limits.hpp"

namespace pcsc {

base::Result<std::vector<std::string>> parse_reader_list(base::ByteView bytes) {
    const auto bad = [] { return base::fail(base::Errc::card_answer_bad, "reader list"); };
    std::vector<std::string> names;
    // pcsc-lite writes a lone zero, or nothing at all, when there is no reader.
    if (bytes.empty() || (bytes.size() == 1 && bytes[0] == 0)) return names;
    while (!bytes.empty() && bytes[0] != 0) {
        const auto end = std::ranges::find(bytes, std::uint8_t{0});
        if (end == bytes.end() || names.size() == limits::readers_max) return bad();
        const auto size = static_cast<std::size_t>(end - bytes.begin());
        names.emplace_back(base::as_text(bytes.first(size)));
        bytes = bytes.subspan(size + 1);
    }
    if (bytes.size() != 1) return bad();
    return names;
}

}  // namespace pcsc
