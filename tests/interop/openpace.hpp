// SPDX-License-Identifier: EUPL-1.2
// OpenPACE (libeac) made safe to use: contexts and buffers that free themselves, bytes in and out.
// Both sides of the protocols are made of it: openpace_terminal and openpace_chip. One thread.
#pragma once

#include <eac/ca.h>
#include <eac/eac.h>
#include <eac/objects.h>
#include <eac/pace.h>
#include <eac/ri.h>
#include <eac/ta.h>

#include <memory>

#include "tests/card/apdu.hpp"
#include "tests/card/bytes.hpp"

namespace openpace {

struct FreeContext {
    void operator()(EAC_CTX* context) const { EAC_CTX_clear_free(context); }
};
struct FreeSecret {
    void operator()(PACE_SEC* secret) const { PACE_SEC_clear_free(secret); }
};
struct FreeBuffer {
    void operator()(BUF_MEM* buffer) const { BUF_MEM_clear_free(buffer); }
};
using Context = std::unique_ptr<EAC_CTX, FreeContext>;
using Secret = std::unique_ptr<PACE_SEC, FreeSecret>;
using Buffer = std::unique_ptr<BUF_MEM, FreeBuffer>;

/// Ends the test program: OpenPACE could not do what it must be able to.
void require(bool good, const char* what);

[[nodiscard]] Buffer buffer(card::View bytes);
/// Takes ownership; ends the program if OpenPACE gave nothing.
[[nodiscard]] card::Bytes take(BUF_MEM* raw, const char* what);

/// A context that knows this EF.CardAccess; its Chip Authentication does not check EF.CardSecurity.
[[nodiscard]] Context make_context(card::View card_access);
[[nodiscard]] Secret make_secret(const std::string& digits, s_type type);

/// Key of brainpoolP256r1 as PKCS#8 DER, which is what OpenPACE reads.
[[nodiscard]] card::Bytes encode_private_key(card::View scalar, card::View point);

/// Secure messaging of one context, either side: the counter goes up by one for each message.
class Messaging {
  public:
    explicit Messaging(EAC_CTX* context) : context_(context) {}
    /// Switches to the keys of EAC_ID_PACE or EAC_ID_CA.
    void start(int keys);
    [[nodiscard]] bool running() const { return running_; }

    [[nodiscard]] card::Bytes protect(const card::Command& command);
    [[nodiscard]] card::Answer open(card::View response);
    /// Chip side. Nothing if the MAC is wrong.
    [[nodiscard]] std::optional<card::Command> open_command(const card::Command& secured);
    [[nodiscard]] card::Bytes protect_answer(const card::Answer& answer);

  private:
    [[nodiscard]] card::Bytes encrypt(card::View data);
    [[nodiscard]] card::Bytes decrypt(card::View data);
    [[nodiscard]] card::Bytes authenticate(card::View data);
    EAC_CTX* context_;
    bool running_ = false;
};

}  // namespace openpace
