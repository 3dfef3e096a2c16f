// SPDX-License-Identifier: EUPL-1.2
// The reader as a driver that pcscd loads for a device on USB, whose node is the script. pcscd
// calls one function at a time, because we say that we are not safe for threads. Norm: pcsc-lite's
// IFD handler API 3.0 (ifdhandler.h), PC/SC part 10 2.2 and 2.6.14.

// The header is C and does not say so to C++, and pcscd must find its names.
#pragma GCC visibility push(default)
extern "C" {
#include <ifdhandler.h>
}
#pragma GCC visibility pop
#include <reader.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "tests/reader/card_socket.hpp"
#include "tests/reader/pad_reader.hpp"

namespace {

using card::Bytes;
using card::View;
using reader::CardSocket;
using reader::PadReader;
using reader::Script;

constexpr DWORD code_tlv_properties = SCARD_CTL_CODE(0x330000 + FEATURE_GET_TLV_PROPERTIES);
constexpr DWORD code_execute_pace = SCARD_CTL_CODE(0x330000 + FEATURE_EXECUTE_PACE);
constexpr DWORD code_modify_pin = SCARD_CTL_CODE(0x330000 + FEATURE_MODIFY_PIN_DIRECT);
constexpr unsigned long usual_port = 35970;

/// One reader that is plugged in.
class Device {
  public:
    explicit Device(std::string script_path)
        : script_path_(std::move(script_path)),
          reader_([this](View command) { return socket_.exchange(command); }) {}

    bool open() {
        const Script script = Script::read(script_path_);
        return !script.is("plugged", "no") &&
               socket_.listen(static_cast<std::uint16_t>(script.number("port", usual_port)));
    }
    /// What is typed and what goes wrong may have changed since the last call.
    PadReader& reader() {
        reader_.follow(Script::read(script_path_));
        return reader_;
    }
    CardSocket& socket() { return socket_; }
    bool unplugged() const { return Script::read(script_path_).is("plugged", "no"); }
    void write_asked() const;

  private:
    std::string script_path_;
    CardSocket socket_;
    PadReader reader_;
};

/// What the host asked the pad for, beside the script: number of times, password, and three fields
/// in hex.
void Device::write_asked() const {
    const PadReader::Asked& asked = reader_.asked();
    const std::string text =
        "times=" + std::to_string(asked.times) + "\nended=" + std::to_string(asked.ended) +
        "\npassword=" + std::to_string(asked.password) + "\nchat=" + card::to_hex(asked.chat) +
        "\npin=" + card::to_hex(asked.pin) + "\ndescription=" + card::to_hex(asked.description) +
        "\n";
    // A test that looks for it finds it missing.
    (void)card::write_file(script_path_ + ".asked", card::to_bytes(text));
}

/// pcscd knows its readers by number only; that is what makes a table necessary here.
std::map<DWORD, std::unique_ptr<Device>>& devices() {
    static std::map<DWORD, std::unique_ptr<Device>> all;
    return all;
}
Device* device(DWORD lun) {
    const auto found = devices().find(lun >> 16U);
    return found == devices().end() ? nullptr : found->second.get();
}

/// Copies out what fits; pcscd's buffers are large enough for all that a reader says.
RESPONSECODE give(View bytes, PUCHAR out, DWORD room, LPDWORD size) {
    if (bytes.size() > room) return IFD_ERROR_INSUFFICIENT_BUFFER;
    std::copy(bytes.begin(), bytes.end(), out);
    *size = bytes.size();
    return IFD_SUCCESS;
}

Bytes feature(std::uint8_t tag, DWORD code) {
    Bytes out{tag, 4};
    for (int shift = 24; shift >= 0; shift -= 8) {
        out.push_back(static_cast<std::uint8_t>(code >> shift));
    }
    return out;
}

Bytes features(const PadReader& reader) {
    Bytes out = feature(FEATURE_GET_TLV_PROPERTIES, code_tlv_properties);
    if (!reader.has_pad()) return out;
    if (reader.takes_new_pin()) {
        out = card::join({out, feature(FEATURE_MODIFY_PIN_DIRECT, code_modify_pin)});
    }
    return card::join({out, feature(FEATURE_EXECUTE_PACE, code_execute_pace)});
}

Bytes properties(const PadReader& reader) {
    Bytes out{PCSCv2_PART10_PROPERTY_bMinPINSize, 1, 5, PCSCv2_PART10_PROPERTY_dwMaxAPDUDataSize,
              4};
    for (int shift = 0; shift < 32; shift += 8) {
        out.push_back(static_cast<std::uint8_t>(reader.apdu_bytes() >> shift));
    }
    return out;
}

}  // namespace

extern "C" {

/// device_name  "usb:" vendor "/" product ":libudev:" interface ":" node of the device
RESPONSECODE IFDHCreateChannelByName(DWORD lun, LPSTR device_name) {
    const std::string_view name(device_name);
    auto made = std::make_unique<Device>(std::string(name.substr(name.rfind(':') + 1)));
    if (!made->open()) return IFD_COMMUNICATION_ERROR;
    devices()[lun >> 16U] = std::move(made);
    return IFD_SUCCESS;
}

RESPONSECODE IFDHCreateChannel(DWORD, DWORD) {
    return IFD_NOT_SUPPORTED;  // a reader without its script is none
}

RESPONSECODE IFDHCloseChannel(DWORD lun) {
    devices().erase(lun >> 16U);
    return IFD_SUCCESS;
}

RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD length, PUCHAR value) {
    const auto answer = [&](UCHAR number) { return give(Bytes{number}, value, *length, length); };
    switch (tag) {
        case TAG_IFD_ATR:
        case SCARD_ATTR_ATR_STRING: {
            Device* found = device(lun);
            if (found == nullptr) return IFD_COMMUNICATION_ERROR;
            const Bytes request{static_cast<std::uint8_t>(CardSocket::Control::give_atr)};
            const auto atr = found->socket().exchange(request);
            return atr ? give(*atr, value, *length, length) : IFD_COMMUNICATION_ERROR;
        }
        case TAG_IFD_SLOTS_NUMBER:
        case TAG_IFD_SIMULTANEOUS_ACCESS:
            return answer(tag == TAG_IFD_SLOTS_NUMBER ? 1 : 8);
        case TAG_IFD_THREAD_SAFE:
        case TAG_IFD_SLOT_THREAD_SAFE:
            return answer(0);
        default:
            return IFD_ERROR_TAG;
    }
}

RESPONSECODE IFDHSetCapabilities(DWORD, DWORD, DWORD, PUCHAR) {
    return IFD_NOT_SUPPORTED;
}

RESPONSECODE IFDHSetProtocolParameters(DWORD, DWORD, UCHAR, UCHAR, UCHAR, UCHAR) {
    return IFD_SUCCESS;
}

RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR atr, PDWORD atr_length) {
    Device* found = device(lun);
    if (found == nullptr) return IFD_NO_SUCH_DEVICE;
    found->reader().forget_channel();
    switch (action) {
        case IFD_POWER_DOWN:
            found->socket().send(CardSocket::Control::power_off);
            *atr_length = 0;
            return IFD_SUCCESS;
        case IFD_POWER_UP:
            found->socket().send(CardSocket::Control::power_on);
            break;
        case IFD_RESET:
            found->socket().send(CardSocket::Control::reset);
            break;
        default:
            return IFD_NOT_SUPPORTED;
    }
    *atr_length = MAX_ATR_SIZE;
    const RESPONSECODE got = IFDHGetCapabilities(lun, TAG_IFD_ATR, atr_length, atr);
    if (got != IFD_SUCCESS) *atr_length = 0;
    return got;
}

RESPONSECODE IFDHTransmitToICC(DWORD lun, SCARD_IO_HEADER, PUCHAR command, DWORD command_length,
                               PUCHAR answer, PDWORD answer_length, PSCARD_IO_HEADER protocol) {
    Device* found = device(lun);
    // Nothing passes a pulled plug, whether or not pcscd has heard of it yet.
    if (found == nullptr || found->unplugged()) return IFD_NO_SUCH_DEVICE;
    const auto response = found->reader().transmit(View(command, command_length));
    const DWORD room = *answer_length;
    *answer_length = 0;
    if (!response) return IFD_COMMUNICATION_ERROR;
    if (protocol != nullptr) protocol->Protocol = 1;
    return give(*response, answer, room, answer_length);
}

RESPONSECODE IFDHICCPresence(DWORD lun) {
    Device* found = device(lun);
    if (found == nullptr || found->unplugged()) return IFD_NO_SUCH_DEVICE;
    return found->socket().card_present() ? IFD_ICC_PRESENT : IFD_ICC_NOT_PRESENT;
}

RESPONSECODE IFDHControl(DWORD lun, DWORD code, PUCHAR input, DWORD input_length, PUCHAR output,
                         DWORD output_length, LPDWORD size) {
    Device* found = device(lun);
    if (found == nullptr || size == nullptr) return IFD_COMMUNICATION_ERROR;
    PadReader& reader = found->reader();
    *size = 0;
    switch (code) {
        case CM_IOCTL_GET_FEATURE_REQUEST:
            return give(features(reader), output, output_length, size);
        case code_tlv_properties:
            return give(properties(reader), output, output_length, size);
        case code_execute_pace: {
            const Bytes answer = reader.execute_pace(View(input, input_length));
            found->write_asked();
            return give(answer, output, output_length, size);
        }
        case code_modify_pin:
            return give(reader.modify_pin(View(input, input_length)), output, output_length, size);
        default:
            return IFD_ERROR_NOT_SUPPORTED;
    }
}

}  // extern "C"
