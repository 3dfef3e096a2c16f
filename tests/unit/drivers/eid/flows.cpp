// SPDX-License-Identifier: EUPL-1.2
#include "tests/unit/drivers/eid/flows.hpp"

#include "drivers/base/encoding.hpp"

namespace eid_test {
namespace {

using card::PinState;
using eid::PasswordId;

constexpr const char* pin = "123456";
constexpr const char* transport_pin = "12345";
constexpr const char* can = "500540";
constexpr const char* puk = "9876543210";
constexpr const char* new_pin = "654321";

std::string text_of(const eid::AuthenticateResult& result) {
    std::string text;
    for (const auto& [group, value] : result.groups) {
        text += std::to_string(static_cast<unsigned>(group)) + "=";
        if (const auto* plain = std::get_if<eid::Text>(&value)) text += plain->value;
        if (const auto* date = std::get_if<eid::PartialDate>(&value)) text += date->text();
        text += ";";
    }
    if (result.pseudonym) text += base::to_hex(result.pseudonym->get());
    return text;
}

base::Result<std::string> read(World& world, eid::Credentials credentials) {
    auto request = world.request();
    request.credentials = std::move(credentials);
    TRY(result, world.read(std::move(request)));
    return text_of(result);
}

base::Result<std::string> done(const base::Result<void>& result) {
    if (!result) return tl::unexpected(result.error());
    return "done";
}

base::Result<std::string> change(World& world, const char* old_pin) {
    return done(eid::change_pin({pin_of(old_pin), pin_of(new_pin), {}, {}}, world.pin_ports()));
}

std::vector<Flow> make_flows() {
    return {
        {"read with PIN",
         PinState::operational,
         {PasswordId::pin},
         [](World& world) {
             return read(world, eid::WithPin{pin_of(pin), {}});
         }},
        {"read with wrong PIN",
         PinState::operational,
         {PasswordId::pin},
         [](World& world) {
             return read(world, eid::WithPin{pin_of("111111"), {}});
         }},
        {"read with CAN and PIN",
         PinState::suspended,
         {PasswordId::can, PasswordId::pin},
         [](World& world) {
             return read(world, eid::WithPin{pin_of(pin), can_of(can)});
         }},
        {"read on site",
         PinState::operational,
         {PasswordId::can},
         [](World& world) {
             return read(world, eid::OnSite{can_of(can), attestation()});
         }},
        {"resume PIN",
         PinState::suspended,
         {PasswordId::can, PasswordId::pin},
         [](World& world) {
             return done(eid::resume_pin({can_of(can), pin_of(pin), {}}, world.pin_ports()));
         }},
        {"change PIN",
         PinState::operational,
         {PasswordId::pin},
         [](World& world) { return change(world, pin); }},
        {"change transport PIN",
         PinState::transport,
         {PasswordId::pin},
         [](World& world) { return change(world, transport_pin); }},
        {"unblock",
         PinState::blocked,
         {PasswordId::puk},
         [](World& world) {
             return done(eid::unblock_pin({puk_of(puk), {}}, world.pin_ports()));
         }},
        {"probe",
         PinState::operational,
         {},
         [](World& world) -> base::Result<std::string> {
             TRY(state, eid::read_pin_state(world.pin_ports()));
             return std::to_string(static_cast<unsigned>(state));
         }},
    };
}

}  // namespace

const std::vector<Flow>& flows() {
    static const std::vector<Flow> all = make_flows();
    return all;
}

void enter(World& world, PinState state) {
    card::Passwords fresh;
    fresh.pin = pin;
    fresh.can = can;
    fresh.puk = puk;
    card::enter(fresh, state);
    world.chip->passwords() = fresh;
}

}  // namespace eid_test
