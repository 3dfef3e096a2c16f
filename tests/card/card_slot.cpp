// SPDX-License-Identifier: EUPL-1.2
// Cards in and out of the virtual reader: see card_slot.hpp.
#include "tests/card/card_slot.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <thread>

namespace card {
namespace {

// pcscd asks vpcd about presence a few times a second; a shorter absence is not noticed.
constexpr std::chrono::milliseconds absence{1000};

}  // namespace

std::string person_path(const std::string& name) {
    const bool is_path = name.find('/') != std::string::npos ||
                         (name.size() > 5 && name.substr(name.size() - 5) == ".json");
    return is_path ? name : std::string(CARD_PEOPLE_DIR) + "/" + name + ".json";
}

CardSlot::CardSlot(ProgramOptions options, RandomSource& random)
    : options_(std::move(options)),
      random_(random),
      faults_(options_.faults),
      state_(options_.state),
      inserted_(!options_.absent) {}

std::string CardSlot::choose(const std::string& person) {
    PersonOutcome loaded = load_person(person_path(person));
    if (!loaded.person) return "person " + person + ": " + loaded.error.reason;
    const std::string id = loaded.person->id;
    if (!cards_.contains(id)) {
        const bool first = cards_.empty();
        if (first) {
            Passwords& passwords = loaded.person->passwords;
            if (options_.pin) passwords.pin = *options_.pin;
            if (options_.can) passwords.can = *options_.can;
            if (options_.puk) passwords.puk = *options_.puk;
            if (options_.pin_state) enter(passwords, *options_.pin_state);
        }
        cards_[id] = make(std::move(*loaded.person));
        const bool overridden = first && (options_.pin || options_.pin_state);
        if (!overridden) (void)state_.restore(*cards_[id]);  // unknown there: as in the person file
    }
    card_ = cards_[id].get();
    return {};
}

std::unique_ptr<Card> CardSlot::make(Person person) {
    TrustPoints trust_points;
    for (const std::string& path : options_.cvca_files) {
        const auto certificate = read_file(path);
        if (!certificate || !trust_points.add_file(*certificate)) {
            std::fprintf(stderr, "freigabe-card: %s is no CVCA certificate, ignored\n",
                         path.c_str());
            continue;
        }
        // A card is personalised while its authorities are valid: its clock starts there.
        trust_points.advance(trust_points.all().front().certificate.effective);
    }
    trust_points.advance(options_.date);
    auto made = std::make_unique<Card>(
        Card::Options{std::move(person), std::move(trust_points), options_.seed,
                      options_.wrong_key ? ChipKey::forged : ChipKey::genuine, options_.suite},
        random_);
    made->watch([this](const Command&, Answer& answer) { faults_.change_plain(answer); });
    return made;
}

void CardSlot::remove() {
    connection_.close();
    card_->power_up();
    if (inserted_) insert_not_before_ = Clock::now() + absence;
    inserted_ = false;
}

std::string CardSlot::control(const std::string& line) {
    if (line == "status") return status();
    if (line == "insert") {
        inserted_ = true;
        return "ok";
    }
    if (line == "remove") {
        remove();
        return "ok";
    }
    if (line == "quit") {
        quit_ = true;
        return "ok";
    }
    if (line.rfind("swap ", 0) == 0) {
        remove();
        const std::string error = choose(line.substr(5));
        inserted_ = error.empty();
        return error.empty() ? "ok" : "error " + error;
    }
    return "error unknown command, use: insert, remove, swap FILE, status, quit";
}

std::string CardSlot::status() const {
    const Passwords& passwords = card_->passwords();
    return nlohmann::json{{"person", card_->id()},
                          {"inserted", inserted_},
                          {"connected", connection_.is_open()},
                          {"commands", commands_},
                          {"command_bytes", command_bytes_},
                          {"answer_bytes", answer_bytes_},
                          {"busy_us", busy_us_.count()},
                          {"pin_tries", passwords.pin_tries},
                          {"pin_active", passwords.pin_active},
                          {"puk_uses", passwords.puk_uses}}
        .dump();
}

void CardSlot::keep_connected() {
    if (!inserted_ || connection_.is_open() || Clock::now() < insert_not_before_) return;
    if (connection_.open(options_.host, options_.port)) card_->power_up();
}

void CardSlot::serve() {
    const VpcdConnection::Message message = connection_.receive();
    switch (message.kind) {
        case VpcdConnection::Kind::gone:
            card_->power_up();
            break;
        case VpcdConnection::Kind::power_off:
        case VpcdConnection::Kind::power_on:
        case VpcdConnection::Kind::reset:
            card_->power_up();
            break;
        case VpcdConnection::Kind::give_atr:
            connection_.send(answer_to_reset());
            break;
        case VpcdConnection::Kind::command:
            answer(message.command);
            break;
    }
}

void CardSlot::answer(View command) {
    const auto began = Clock::now();
    ++commands_;
    command_bytes_ += command.size();
    faults_.next_command();
    if (faults_.delay_ms() > 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(faults_.delay_ms()));
    }
    if (faults_.cut()) {
        remove();
        return;
    }
    const Bytes response = faults_.change_sent(card_->process(command));
    if (!state_.store(*card_)) std::fprintf(stderr, "freigabe-card: cannot write the state file\n");
    if (options_.trace) {
        std::fprintf(stderr, "%zu  %s (%zu)  ->  (%zu) %s\n", commands_,
                     to_hex(command.first(std::min<std::size_t>(4, command.size()))).c_str(),
                     command.size(), response.size() - 2, to_hex(View(response).last(2)).c_str());
    }
    answer_bytes_ += response.size();
    busy_us_ += std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began);
    connection_.send(response);
}

}  // namespace card
