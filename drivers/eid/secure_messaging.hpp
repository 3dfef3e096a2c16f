// SPDX-License-Identifier: EUPL-1.2
// One secure channel: encrypts and authenticates commands, checks and opens answers. Keys and
// counter die with it. Any answer that does not verify kills the channel for good. One object per
// key agreement; card thread only. Norm: BSI TR-03110-3 appendix F (structure F.3, padding F.3.3,
// counter F.4), AES-CBC and CMAC of 8 bytes.
#pragma once

#include "drivers/apdu/command.hpp"
#include "drivers/base/result.hpp"
#include "drivers/crypto/cipher.hpp"
#include "drivers/eid/cipher_suite.hpp"

namespace eid {

class SecureMessaging {
  public:
    /// The send sequence counter starts at zero.
    explicit SecureMessaging(SessionKeys keys);
    SecureMessaging(SecureMessaging&&) noexcept = default;
    SecureMessaging& operator=(SecureMessaging&&) noexcept = default;
    SecureMessaging(const SecureMessaging&) = delete;
    SecureMessaging& operator=(const SecureMessaging&) = delete;
    ~SecureMessaging() = default;

    /// The command as it goes over the wire: data in DO 87, le in DO 97, checksum in DO 8E, new le
    /// = maximum.
    /// command  even INS only (CHECKed): the norm uses no other.
    [[nodiscard]] apdu::Command protect(const apdu::Command& command);

    /// Checks the answer to the last protected command and takes its protection off.
    /// errors  sm_mac_wrong: no or wrong checksum, wrong structure, padding or status; also for
    ///         every call after that. detail = the unprotected status word.
    base::Result<apdu::Answer> open(const apdu::Answer& answer);

  private:
    struct Parts {
        base::ByteView cryptogram;  ///< DO 87 whole, may be empty
        base::ByteView status;      ///< DO 99 whole
        base::ByteView checksum;    ///< value of DO 8E
    };
    [[nodiscard]] static base::Result<Parts> split(base::ByteView data);
    [[nodiscard]] base::Result<base::Bytes> decrypt(base::ByteView cryptogram) const;
    void count_up();
    [[nodiscard]] crypto::AesBlock initial_vector() const;
    [[nodiscard]] Token checksum(base::ByteView data) const;

    SessionKeys keys_;
    crypto::AesBlock counter_{};
    bool dead_ = false;
};

/// ISO/IEC 7816-4 padding to whole 16-byte blocks: 80, then zeros; always at least one byte.
[[nodiscard]] base::Bytes pad_block(base::ByteView data);
/// Data without its padding. errors: card_answer_bad (no 80 before the zeros, or not in the last
/// block).
base::Result<base::Bytes> unpad_block(base::ByteView padded);

}  // namespace eid
