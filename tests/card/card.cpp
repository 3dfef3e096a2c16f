// SPDX-License-Identifier: EUPL-1.2
// Dispatching commands to protocols, channel handling, command chaining: see card.hpp.
#include "tests/card/card.hpp"

#include <utility>

#include "tests/card/oid.hpp"
#include "tests/card/pin_management.hpp"

namespace card {
namespace {

constexpr std::size_t chained_bytes_max = 4096;

CardFile open_file(std::uint16_t id, std::uint8_t short_id, Bytes content) {
    return {id, short_id, CardFile::Access::always, 0, std::move(content)};
}

std::vector<CardFile> master_files(const Person& person, Suite suite, Bytes card_security) {
    // EF.ATR/INFO: 7F66 = longest command and answer APDU; card capabilities as in the ATR.
    auto info = from_hex(
        "7F66080202100002021000"
        "4703F741E0");
    auto directory = from_hex(
        "61094F07A0000002471003"
        "610B4F09E80704007F00070302");
    return {
        open_file(0x2F01, 0x01, std::move(*info)),
        open_file(0x2F00, 0x1E, std::move(*directory)),
        open_file(0x011C, 0x1C, encode_card_access(person.generation, suite)),
        {0x011D, 0x1D, CardFile::Access::terminal, 0, std::move(card_security)},
    };
}

std::vector<CardFile> eid_files(const Person& person) {
    std::vector<CardFile> files;
    for (const auto& [group, content] : person.groups) {
        files.push_back({static_cast<std::uint16_t>(0x0100 + group),
                         static_cast<std::uint8_t>(group), CardFile::Access::group, group,
                         content});
    }
    return files;
}

FileSystem make_files(const Person& person, const DocumentSigner& signer, const CardKeys& keys,
                      Suite suite) {
    return {master_files(person, suite,
                         signer.sign(encode_security_object(person.generation, keys, suite))),
            eid_files(person)};
}

}  // namespace

const Bytes& answer_to_reset() {
    // 3B 8A 80 01 | category 80, 31 F8 services, 73 F7 41 E0 capabilities, 82 9000 status | TCK
    static const Bytes atr = *from_hex("3B8A80018031F873F741E082900075");
    return atr;
}

Card::Session::Session(Card& card)
    : pace(card.passwords_, card.trust_points_, card.random_, card.suite_),
      terminal(card.trust_points_, card.random_),
      chip({chip_key_id, card.keys_.chip_private}, card.random_, card.suite_),
      restricted({{block_list_key_id, card.keys_.block_list.scalar, false},
                  {pseudonym_key_id, card.keys_.pseudonym.scalar, true}},
                 card.suite_) {}

Card::Card(Options options, RandomSource& random)
    : id_(options.person.id),
      passwords_(options.person.passwords),
      trust_points_(std::move(options.trust_points)),
      verifiable_(options.person.verifiable),
      suite_(options.suite),
      keys_(make_card_keys(id_, options.seed, options.chip_key, options.suite)),
      files_({}, {}),
      random_(random) {
    const DocumentSigner signer(options.person.signer_curve);
    authority_ = signer.authority_certificate();
    files_ = make_files(options.person, signer, keys_, suite_);
    power_up();
}

void Card::power_up() {
    session_.emplace(*this);
    envelope_.clear();
    waiting_.clear();
    files_.reset();
}

Bytes Card::process(View bytes) {
    const auto command = parse_command(bytes);
    if (!command) {
        session_.emplace(*this);
        return encode(sw::wrong_length);
    }
    const bool outer = (command->cla & 0xEFU) == 0 && command->p1p2() == 0;
    if (outer && command->ins == 0xC2) return envelope(*command);
    if (outer && command->ins == 0xC0 && !waiting_.empty()) return get_response(*command);
    envelope_.clear();
    waiting_.clear();
    return process_whole(*command);
}

Bytes Card::process_whole(const Command& command) {
    return command.secured() ? process_secured(command) : process_plain(command);
}

// TR-03110-3 E: a finished command, protected or not, inside the data of chained ENVELOPEs. It does
// not touch the channel itself.
Bytes Card::envelope(const Command& piece) {
    waiting_.clear();
    if (piece.data.empty() || envelope_.size() + piece.data.size() > chained_bytes_max) {
        envelope_.clear();
        return encode(sw::wrong_length);
    }
    envelope_ = join({envelope_, piece.data});
    if (piece.chained()) return encode(sw::ok);
    const auto inner = parse_command(std::exchange(envelope_, {}));
    if (!inner || inner->ins == 0xC2 || inner->ins == 0xC0) return encode(sw::wrong_data);
    waiting_ = process_whole(*inner);
    const std::size_t length = waiting_.size() - 2;
    return encode(static_cast<StatusWord>(0x6100U | (length < 256 ? length : 0U)));
}

Bytes Card::get_response(const Command& command) {
    if (command.expected == 0 || !command.data.empty()) return encode(sw::wrong_length);
    const std::size_t rest = waiting_.size() - 2;
    if (rest <= command.expected) return std::exchange(waiting_, {});
    const Bytes part = to_bytes(View(waiting_).first(command.expected));
    waiting_.erase(waiting_.begin(),
                   waiting_.begin() + static_cast<std::ptrdiff_t>(command.expected));
    const std::size_t left = waiting_.size() - 2;
    return encode(Answer(part, static_cast<StatusWord>(0x6100U | (left < 256 ? left : 0U))));
}

// A plain command ends the channel and with it everything that was proven inside.
Bytes Card::process_plain(const Command& command) {
    if (session_->channel) session_.emplace(*this);
    const Answer answer = answer_to(command);
    start_new_channel();
    return encode(answer);
}

Bytes Card::process_secured(const Command& command) {
    if (!session_->channel) return encode(sw::sm_objects_wrong);
    auto opened = session_->channel->open(command);
    if (const auto* status = std::get_if<StatusWord>(&opened)) {
        session_.emplace(*this);
        return encode(*status);
    }
    const Answer answer = answer_to(std::get<Command>(opened));
    Bytes closed = session_->channel->close(answer);
    start_new_channel();
    return closed;
}

Answer Card::answer_to(const Command& command) {
    Answer answer = assemble(command);
    if (watch_) watch_(command, answer);
    return answer;
}

void Card::start_new_channel() {
    if (!session_->next_keys) return;
    session_->channel.emplace(*std::exchange(session_->next_keys, std::nullopt));
}

// Collects chained commands. PACE is different: there each link of the chain is a step of its own.
Answer Card::assemble(const Command& command) {
    // Only VERIFY of auxiliary data is proprietary, class 80 (TR-03110-3 B.14.10).
    const unsigned foreign_bits = command.ins == 0x20 ? 0x6FU : 0xEFU;
    if ((command.cla & foreign_bits) != 0) return sw::unknown_class;
    const bool step = command.ins == 0x86 && session_->pending == Pending::pace;
    if (step) return execute(command);
    if (command.ins == 0x86 && session_->pending == Pending::none) return sw::conditions;
    auto& chain = session_->chain;
    const bool fits = chain && chain->ins == command.ins && chain->p1p2() == command.p1p2();
    if (!fits) chain.reset();
    Command whole = command;
    if (chain) whole.data = join({chain->data, command.data});
    if (whole.data.size() > chained_bytes_max) {
        chain.reset();
        return sw::wrong_length;
    }
    if (command.chained()) {
        chain = std::move(whole);
        return sw::ok;
    }
    chain.reset();
    Answer answer = execute(whole);
    // Data needs an Le, and one that is long enough.
    if (answer.data.size() > command.expected) return sw::wrong_length;
    return answer;
}

Answer Card::execute(const Command& command) {
    Session& session = *session_;
    SecurityStatus& status = session.status;
    if (command.ins != 0x86) session.pending = Pending::none;
    switch (command.ins) {
        case 0xA4:
            return files_.select(command);
        case 0xB0:
            return files_.read(command, status);
        case 0x22:
            return manage_environment(command);
        case 0x86:
            return general_authenticate(command);
        case 0x2A:
            if (command.p1p2() != 0x00BE) return sw::wrong_parameters;
            return session.terminal.verify_certificate(command.data, status);
        case 0x84:
            if (command.p1p2() != 0 || !command.data.empty()) return sw::wrong_parameters;
            return session.terminal.get_challenge(command.expected, status);
        case 0x82:
            if (command.p1p2() != 0) return sw::wrong_parameters;
            return session.terminal.external_authenticate(command.data, status);
        case 0x20:
            return verify(command, status, verifiable_);
        case 0x2C:
            return reset_retry_counter(command, status, passwords_);
        case 0x44:
            return set_pin_active(command, Activity::activate, status, passwords_);
        case 0x04:
            return set_pin_active(command, Activity::deactivate, status, passwords_);
        default:
            return sw::unknown_instruction;
    }
}

StatusWord Card::manage_environment(const Command& command) {
    Session& session = *session_;
    const auto calls = [&](Pending whom, StatusWord word) {
        const bool warning = (word & 0xFFF0U) == sw::tries_left || word == sw::deactivated;
        if (word == sw::ok || warning) session.pending = whom;
        return word;
    };
    switch (command.p1p2()) {
        case 0xC1A4:
            return calls(Pending::pace, session.pace.set_at(command.data));
        case 0x81B6:
            return session.terminal.set_dst(command.data, session.status);
        case 0x81A4:
            return session.terminal.set_at(command.data, session.status);
        case 0x41A4: {
            const auto objects = parse_tlv(command.data);
            const Tlv* protocol = objects ? find(*objects, 0x80) : nullptr;
            if (protocol != nullptr && same(protocol->value, oid::ri_ecdh_sha_256)) {
                return calls(Pending::restricted, session.restricted.set_at(command.data));
            }
            return calls(Pending::chip, session.chip.set_at(command.data));
        }
        default:
            return sw::wrong_parameters;
    }
}

Answer Card::general_authenticate(const Command& command) {
    Session& session = *session_;
    if (session.pending == Pending::pace) return run_pace(command);
    if (command.p1p2() != 0) return sw::wrong_parameters;
    const Pending pending = std::exchange(session.pending, Pending::none);
    if (pending == Pending::chip) {
        Answer answer = session.chip.general_authenticate(command.data, session.status);
        session.next_keys = session.chip.take_keys();
        return answer;
    }
    if (pending == Pending::restricted) {
        return session.restricted.general_authenticate(command.data, session.status);
    }
    return sw::conditions;
}

Answer Card::run_pace(const Command& command) {
    const Answer answer = session_->pace.general_authenticate(command, session_->status);
    auto success = session_->pace.take_success();
    if (success) {
        // A new channel knows nothing of what the old one proved. The answer still goes out in it.
        auto old = std::move(session_->channel);
        session_.emplace(*this);
        session_->channel = std::move(old);
        session_->status.pace = std::move(success->result);
        session_->next_keys = std::move(success->keys);
    } else if (!session_->pace.running()) {
        session_->pending = Pending::none;
    }
    if (answer.data.size() > command.expected) return sw::wrong_length;
    return answer;
}

}  // namespace card
