// SPDX-License-Identifier: EUPL-1.2
// A terminal without a reader. Modes that need no card still work. Any thread.
#pragma once

#include "drivers/port/card_transport.hpp"

namespace none {

class CardTransport final : public port::CardTransport {
  public:
    base::Result<base::Bytes> transmit(base::ByteView) override {
        return base::fail(base::Errc::reader_missing, "card transport");
    }
    [[nodiscard]] bool extended_length() const override { return false; }
};

}  // namespace none
