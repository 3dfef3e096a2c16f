// SPDX-License-Identifier: EUPL-1.2
// What a person does at the reader's pad and what goes wrong there, as `key=value` lines of a file
// that a test may rewrite at any time. Values; one thread.
//
//   port=35970          TCP port on which a card is put in
//   plugged=no          the reader is unplugged (yes)
//   apdu_bytes=256      data in one APDU; 256 and less: short APDUs only (65536)
//   abilities=60        BitMap of GetReadersPACECapabilities, hex; "none": no pad at all (e0)
//   pin=123456 can=500540 puk=9876543210   what is typed
//   new_pin=654321      what is typed as new PIN; "none": the reader cannot ask for one
//   again=654321        the second time (as the first)
//   new_status=6401     ends the entry of a new PIN so, hex, without asking the card
//   entry_ms=0          how long typing takes
//   result=F0200001     ends EstablishPACEChannel so, hex, without asking the card
//   answer=00ff         hands over these bytes instead of any answer about PACE, hex
//   cut=1               leaves out so many bytes at the end of EstablishPACEChannel's answer
//   status=9000         claims this answer to MSE:Set AT, hex
//   card_access=wrong   claims to have read another EF.CardAccess
//   protect=no          forgets to protect after PACE
#pragma once

#include <map>
#include <optional>

#include "tests/card/bytes.hpp"

namespace reader {

class Script {
  public:
    Script() = default;
    /// Lines without '=' are passed over.
    explicit Script(std::string_view text);
    /// Of a file; empty if it cannot be read.
    [[nodiscard]] static Script read(const std::string& path);

    void set(const std::string& key, const std::string& value) { values_[key] = value; }
    [[nodiscard]] std::string text(const std::string& key, const std::string& otherwise) const;
    [[nodiscard]] unsigned long number(const std::string& key, unsigned long otherwise) const;
    [[nodiscard]] std::optional<card::Bytes> hex(const std::string& key) const;
    [[nodiscard]] bool is(const std::string& key, const std::string& value) const;

  private:
    std::map<std::string, std::string> values_;
};

}  // namespace reader
