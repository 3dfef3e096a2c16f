// SPDX-License-Identifier: EUPL-1.2
// The pad of a reader that runs PACE itself (class Cat-S and Cat-K of BSI TR-03119), as the port
// that drivers/eid knows. Keeps nothing of what it sends or gets. Card thread only. Norm: PC/SC
// part 10 amendment 1 2.6.16.
#pragma once

#include <utility>

#include "drivers/pcsc/control.hpp"
#include "drivers/port/pin_pad.hpp"

namespace pcsc {

class PinPad final : public port::PinPad {
  public:
    struct Codes {
        std::uint32_t pace = 0;    ///< of FEATURE_EXECUTE_PACE
        std::uint32_t modify = 0;  ///< of FEATURE_MODIFY_PIN_DIRECT, if abilities.new_pin
    };
    /// abilities  as the reader told them.
    PinPad(Control control, Codes codes, const port::PinPadAbilities& abilities)
        : control_(std::move(control)), codes_(codes), abilities_(abilities) {}

    [[nodiscard]] const port::PinPadAbilities& abilities() const override { return abilities_; }
    base::Result<port::PadOutcome> establish(const port::PadRequest& request) override;
    base::Result<std::uint16_t> type_new_pin() override;
    /// Lets the reader forget its channel, if one was opened here and the reader knows how. The
    /// reset at the end of a contact ends the card's side of it; this is for a reader that would go
    /// on protecting. Without effect where the channel has ended already.
    void end_channel();

  private:
    Control control_;
    Codes codes_;
    port::PinPadAbilities abilities_;
    bool opened_ = false;
};

}  // namespace pcsc
