// SPDX-License-Identifier: EUPL-1.2
// Block lists from outside: what is accepted is sorted and answers for any identifier.
#include "drivers/base/check.hpp"
#include "drivers/eid/block_list.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    base::Bytes file(data, data + size);
    // Behind a right digest too, which no change of bytes would find.
    base::append(file, crypto::sha256(file));
    for (const base::ByteView bytes : {base::ByteView(data, size), base::ByteView(file)}) {
        const auto list = eid::BlockListView::parse(bytes);
        if (list) (void)list->contains(eid::BlockListId(list->digest()));
    }
    return 0;
}
