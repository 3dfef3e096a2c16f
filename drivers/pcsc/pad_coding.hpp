// SPDX-License-Identifier: EUPL-1.2
// The bytes of PACE at the reader: what is asked of it and what it answers. Its answers are outside
// bytes: every length is checked against what is there and against limits.hpp. Pure, any thread.
// Norms: PC/SC part 10 amendment 1.1 2.5.12 and 2.6.16, BSI TR-03119 D.1 (functions, results).
//
//   request    idxFunction 1 | lengthInputData 2 | InputData              numbers little-endian
//   answer     Result 4 | lengthOutputData 2 | OutputData
//
//   GetReadersPACECapabilities, function 01
//     InputData    empty
//     OutputData   [lengthBitMap 1 = 01] | BitMap 1     readers in the field leave the length out
//                  BitMap: 80 DestroyPACEChannel | 40 PACE | 20 eID | 10 signature
//   EstablishPACEChannel, function 02
//     InputData    PasswordID 1 | lengthCHAT 1 | CHAT | lengthPIN 1 | PIN
//                  | lengthCertificateDescription 2 | CertificateDescription
//     OutputData   SW1 SW2 of MSE:Set AT | lengthCardAccess 2 | EF.CardAccess
//                  and with a CHAT: | lengthCARcurr 1 | CARcurr | lengthCARprev 1 | CARprev
//                                   | lengthIDicc 2 | IDicc
//   DestroyPACEChannel, function 03: both empty
//   Result
//     00000000           done
//     D000000x           request: lengths 1, data 2, combination of data 3
//     E000000x           protocol: TLV 1, object missing 2, password id 3, card's token 6
//     F000 SW1 SW2       SELECT EF.CardAccess        F001 SW1 SW2   READ BINARY of it
//     F002 SW1 SW2       MSE:Set AT                  F003..F006     GENERAL AUTHENTICATE 1..4
//     F010000x           communication with the card cut 1, no card 2
//     F020000x           holder: cancelled 1, time-out 2, no active PIN 3
#pragma once

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/port/pin_pad.hpp"

namespace pcsc {

[[nodiscard]] base::Bytes encode_capabilities_request();
/// The PIN field stays empty: what is secret is typed at the reader.
/// request  lengths as PinPad::establish says (CHECKed).
[[nodiscard]] base::Bytes encode_establish_request(const port::PadRequest& request);

[[nodiscard]] base::Bytes encode_end_request();

/// errors  reader_feature_missing (a result other than done; detail = result), card_answer_bad (not
///         this format).
base::Result<port::PinPadAbilities> decode_capabilities(base::ByteView answer);

enum class Template : std::uint8_t { absent, given };
/// `chat` says whether the request had one: only then CARs and IDicc may and must follow.
/// errors  those of PinPad::establish; detail = result.
base::Result<port::PadOutcome> decode_establish(base::ByteView answer, Template chat);

}  // namespace pcsc
