"""The small talk of people who write English."""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.conversation.phrases.kinds import PieceKind

PHRASES: Mapping[PieceKind, str] = {
    "greeting": """
        hi | hello | hey | heya | hiya | howdy | yo | greetings | good morning | good afternoon | good evening |
        good day | morning | are you there | anybody there | anyone there | is anyone there | nice to meet you |
        pleased to meet you | happy new year | merry christmas | happy birthday | happy holidays
    """,
    "how are you": """
        how are you | how are you doing | how you doing | how do you do | how is it going | how's it going |
        how are things | how have you been | what's up | wassup | sup | how do you feel | how was your day | and you |
        what about you | what is up | how is your day | how's your day | hru | how are you feeling | how is life |
        how's life | how is everything
    """,
    "who are you": """
        who are you | what are you | your name | what's your name | what is your name | do you have a name |
        who made you | who created you | who built you | are you a bot | are you a robot | are you a human |
        are you a person | are you a machine | are you an ai | are you bot | are you human | are you real |
        are you ai | are you alive | are you chatgpt | are you gpt | what can you do | what do you do |
        what can you help with | what can you help me with | how do you work | how old are you |
        tell me about yourself | introduce yourself | are you sure | who the hell are you | who am i talking to |
        are you a real person | are you an ai or a human | are you a bot or a human | are you human or bot |
        are you a human or a bot | what are you for | tell me a joke | do you speak english
    """,
    "help": """
        help | help me | can you help | can you help me | could you help | could you help me | will you help me |
        i need help | i need some help | need help | how do i use you | how to use you | how do i start |
        how do i ask | how do i ask a question | how can i ask | i'm lost | i don't understand | i do not understand |
        how do i use the bot | how do i use this bot | how does this bot work | how do i ask something |
        i don't get it | what do you mean | how can you help | how can you help me
    """,
    "opening": """
        how does this work | how do i use this | how do i use it | how to use this | how does it work |
        what should i do | what do i do | what is this | what can i do here | start
    """,
    "thanks": """
        thanks | thank you | thankyou | thanx | tnx | ty | tysm | cheers | many thanks | thanks a lot |
        thanks a million | thanks a bunch | thanks so much | much appreciated | appreciate it | i appreciate it |
        i appreciate that | that's all i needed | you saved me
    """,
    "praise": """
        great | good | nice | perfect | fine | cool | wow | awesome | amazing | brilliant | excellent | wonderful |
        fantastic | terrific | superb | impressive | impressed | helpful | useful | clever | smart | intelligent |
        lovely | good job | great job | nice job | good work | great work | nice work | well done | good one |
        nice one | not bad | not bad at all | not stupid | not wrong | that helps | that helped | it helped |
        good bot | love it | love you | i love you | i love it | i love this | i like it | i like this | i like you |
        like it | yay | hooray | you rock | you are the best | keep it up | exactly right | that's right | correct |
        spot on | funny | good boy | good girl | that was fast | that was quick | so fast | you are the best bot |
        best bot
    """,
    "blame": """
        bad | useless | terrible | awful | horrible | nonsense | pathetic | lame | disappointing | disappointed |
        unhelpful | boring | ridiculous | hopeless | i hate this | i hate it | did not help | didn't help |
        does not help | doesn't help | not what i asked | not what i meant | not what i wanted |
        not what i asked for | that's not what i asked | not helping | no good | no help | no use |
        that makes no sense | makes no sense | you don't understand | you didn't understand | you know nothing |
        you are no help | waste of time | a waste of time | annoying | you are lying | liar | garbage answer |
        is garbage | total garbage | rubbish answer | is rubbish | what rubbish | total rubbish | is trash |
        not what i was looking for | i do not like it | i don't like it | worst bot | the worst bot |
        you are the worst | worst answer
    """,
    "abuse": """
        stupid | dumb | idiot | idiotic | moron | fool | asshole | bastard | bitch | loser | crap | shit | bullshit |
        damn | wtf | what the hell | what the fuck | fuck | fuck you | fuck off | fuck this | screw you | shut up |
        stfu | go to hell | go away | you suck | this sucks | that sucks | it sucks | sucks | piece of shit |
        piece of crap | piece of junk | i hate you | are you stupid | are you dumb | are you kidding |
        are you kidding me | ffs | or what | fucking | screw this | screw it | be quiet | are you serious |
        are you insane
    """,
    "no": """
        nope | nah | wrong | incorrect | not right | not correct | not true | not it | not that | isn't it |
        that's wrong | wrong answer | wrong again | no way | a mistake | is false | not quite
    """,
    "yes": """
        yes | yep | yeah | yup | ya | sure | of course | indeed | absolutely | definitely | certainly | yes please |
        please do | go ahead | exactly
    """,
    "apology": """
        sorry | apologies | my bad | my mistake | excuse me | pardon me | forgive me | i'm sorry | i am sorry | oops |
        sorry about that | sorry for that
    """,
    "bye": """
        bye | bye bye | byebye | goodbye | good bye | good night | goodnight | cya | see you | see ya |
        see you later | see you soon | see you tomorrow | later | farewell | take care | have a nice day |
        have a good day | have a great day | have a good one | have a nice weekend | until next time | talk later |
        talk to you later | ttyl | gtg | i have to go | see you around | i'm done | i am done
    """,
    "ok": """
        alright | all right | no thanks | no thank you | no problem | no worries | never mind | nevermind | nvm |
        i see | got it | gotcha | i understand | understood | fair enough | makes sense | that makes sense |
        you're welcome | you are welcome | welcome | interesting | good to know | that's all | nothing |
        nothing else | not now | whatever | hm | hmm | hmmm | oh | ah | aha | really | omg | so what | please | pls |
        plz
    """,
    "not": "not | isn't | wasn't | aren't | don't | never",
    "filler": """
        a | an | the | it | its | it's | this | that | that's | you | your | you're | is | was | are | were | am | i |
        i'm | me | my | so | very | really | too | much | just | quite | pretty | totally | such | what a | what an |
        bot | robot | ai | man | mate | dude | bro | guys | everyone | everybody | folks | sir | friend | my friend |
        all | there | here | now | today | then | and | but | oh | ah | um | uh | for | to | at | answer | answers |
        again | still | some | ever | actually | completely | absolutely | did | for your help | for the help |
        for your time | for helping | in advance | anyway | well | by the way | a lot | quick | real
    """,
}
