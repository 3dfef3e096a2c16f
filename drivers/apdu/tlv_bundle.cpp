// SPDX-License-Identifier: EUPL-1.2
#include "drivers/apdu/tlv_bundle.hpp"

namespace apdu {

base::Result<std::vector<base::ByteView>> split_bundle(base::ByteView bytes,
                                                       std::size_t count_max) {
    std::vector<base::ByteView> out;
    TlvReader reader(bytes, Rules::der);
    while (!reader.at_end()) {
        if (out.size() == count_max) return base::fail(base::Errc::card_answer_bad, "bundle size");
        TRY(object, reader.next());
        out.push_back(object.whole);
    }
    if (out.empty()) return base::fail(base::Errc::card_answer_bad, "bundle empty");
    return out;
}

}  // namespace apdu
