// SPDX-License-Identifier: EUPL-1.2
// The reader with a pad between driver and virtual card, in the same process: the driver's own
// coding on one side, the reader's on the other. One thread.
#pragma once

#include <string>
#include <vector>

#include "drivers/pcsc/pad_coding.hpp"
#include "drivers/pcsc/pin_pad.hpp"
#include "tests/reader/pad_reader.hpp"
#include "tests/unit/drivers/eid/world.hpp"

namespace eid_test {

class PadInProcess final : public port::CardTransport {
  public:
    /// script  as in tests/reader/script.hpp; may be changed later by follow().
    explicit PadInProcess(card::Card& card, const std::string& script = {})
        : reader([&card](card::View command) { return card.process(command); }) {
        card.power_up();
        follow(script);
        const auto ask = [this](std::uint32_t code,
                                base::ByteView request) -> base::Result<base::Bytes> {
            return code == 1 ? reader.modify_pin(request) : reader.execute_pace(request);
        };
        const auto said = ask(0, pcsc::encode_capabilities_request());
        auto abilities = pcsc::decode_capabilities(*said);
        if (!reader.has_pad() || !abilities) return;
        abilities->new_pin = reader.takes_new_pin();
        pad_.emplace(ask, pcsc::PinPad::Codes{0, 1}, *abilities);
    }
    PadInProcess(const PadInProcess&) = delete;
    PadInProcess& operator=(const PadInProcess&) = delete;

    void follow(const std::string& script) { reader.follow(reader::Script(script)); }

    base::Result<base::Bytes> transmit(base::ByteView command) override {
        commands.emplace_back(command.begin(), command.end());
        auto answer = reader.transmit(command);
        if (!answer) return base::fail(base::Errc::card_removed, "pad reader");
        return *answer;
    }
    [[nodiscard]] bool extended_length() const override { return reader.apdu_bytes() > 256; }
    [[nodiscard]] std::size_t answer_bytes_max() const override { return reader.apdu_bytes(); }
    [[nodiscard]] base::ByteView atr() const override { return card::answer_to_reset(); }
    [[nodiscard]] port::PinPad* pin_pad() override { return pad_ ? &*pad_ : nullptr; }

    reader::PadReader reader;
    std::vector<base::Bytes> commands;  ///< as the driver sent them

  private:
    std::optional<pcsc::PinPad> pad_;
};

}  // namespace eid_test
