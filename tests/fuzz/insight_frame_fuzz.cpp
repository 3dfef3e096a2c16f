// SPDX-License-Identifier: EUPL-1.2
// Frames of the socket for insight, in both directions. What is read and written again is the same.
#include "drivers/base/check.hpp"
#include "sync/outbox/insight_frame.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    for (const auto side : {outbox::Towards::kiosk, outbox::Towards::syncd}) {
        outbox::FrameReader reader(side);
        const auto used = reader.feed({data, size});
        if (!used || !reader.done()) continue;
        const outbox::Frame frame = reader.take();
        if (const auto request = outbox::read_insight_request(frame))
            CHECK(base::equal(outbox::write_insight_request(*request), {data, *used}));
        if (const auto answer = outbox::read_insight_answer(frame))
            CHECK(base::equal(outbox::write_insight_answer(*answer), {data, *used}));
    }
    return 0;
}
